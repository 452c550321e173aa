package dev.postern.verdict;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// The bytes that each client holds, limited per client (invariant 9).
///
/// Only clients that hold something are listed, so the total limit also bounds the list.
public final class ClientBytes {
  private final long share;
  private final ConcurrentMap<String, Long> held = new ConcurrentHashMap<>();

  /// Starts with no clients.
  ///
  /// @param share maximum bytes per client
  public ClientBytes(long share) {
    this.share = share;
  }

  /// Limits each client to a quarter of a budget, but at least to one whole request.
  ///
  /// @param bytes the whole budget
  /// @param request maximum bytes of one request
  public static ClientBytes quarterOf(long bytes, long request) {
    return new ClientBytes(Math.max(bytes / 4, Math.min(bytes, request)));
  }

  /// Takes bytes for a client.
  ///
  /// @return false if they would exceed the client's share; then nothing is taken
  public boolean take(String client, long bytes) {
    if (bytes == 0 || held.merge(client, bytes, Long::sum) <= share) {
      return true;
    }
    give(client, bytes);
    return false;
  }

  /// Returns bytes that a client has taken.
  public void give(String client, long bytes) {
    held.computeIfPresent(client, (_, all) -> all == bytes ? null : Long.valueOf(all - bytes));
  }

  /// How many clients hold something.
  public int clients() {
    return held.size();
  }
}
