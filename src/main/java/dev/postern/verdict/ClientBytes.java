package dev.postern.verdict;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/// The bytes that each client holds, none more than a share (invariant 9).
///
/// Only those who hold something are listed, so the list is bounded by what is held altogether.
public final class ClientBytes {
  private final long share;
  private final ConcurrentMap<String, Long> held = new ConcurrentHashMap<>();

  /// Makes a list of nobody.
  ///
  /// @param share how many bytes one client may hold
  public ClientBytes(long share) {
    this.share = share;
  }

  /// A quarter of a budget, but at least what one request may need.
  ///
  /// @param bytes the whole budget
  /// @param request the most that one request holds
  /// @return an empty list with this share
  public static ClientBytes quarterOf(long bytes, long request) {
    return new ClientBytes(Math.max(bytes / 4, Math.min(bytes, request)));
  }

  /// Takes bytes.
  ///
  /// @param client whom they are counted for
  /// @param bytes how many
  /// @return whether the client's share had room; if not, nothing is taken
  public boolean take(String client, long bytes) {
    if (bytes == 0 || held.merge(client, bytes, Long::sum) <= share) {
      return true;
    }
    give(client, bytes);
    return false;
  }

  /// Gives bytes back.
  ///
  /// @param client whom they were counted for
  /// @param bytes how many were taken
  public void give(String client, long bytes) {
    held.computeIfPresent(client, (_, all) -> all == bytes ? null : Long.valueOf(all - bytes));
  }

  /// How many clients hold something.
  ///
  /// @return a number
  public int clients() {
    return held.size();
  }
}
