package dev.postern.verdict;

import dev.postern.verdict.Verdict.Fault;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// The bytes that requests in flight, queued and joined may hold together, and each client a
/// quarter of them (invariant 9).
public final class InFlightBudget {
  /// One request holds at most its head and its buffered answer, of 1 MiB each.
  private static final long REQUEST_BYTES = 2L << 20;

  private final long maxBytes;
  private final ClientBytes clients;
  private final AtomicLong held = new AtomicLong();

  /// Makes a budget.
  ///
  /// @param maxBytes bound in bytes
  public InFlightBudget(long maxBytes) {
    this.maxBytes = maxBytes;
    this.clients = ClientBytes.quarterOf(maxBytes, REQUEST_BYTES);
  }

  /// Takes bytes.
  ///
  /// @param client whom they are counted for
  /// @param bytes how many
  /// @return why there is no room, and then nothing is taken; null when they are taken
  public @Nullable Fault take(String client, long bytes) {
    if (!clients.take(client, bytes)) {
      return Fault.CLIENT_SHARE;
    }
    if (held.addAndGet(bytes) <= maxBytes) {
      return null;
    }
    give(client, bytes);
    return Fault.OVERLOAD;
  }

  /// Gives bytes back.
  ///
  /// @param client whom they were counted for
  /// @param bytes how many were taken
  public void give(String client, long bytes) {
    held.addAndGet(-bytes);
    clients.give(client, bytes);
  }

  /// What is held now.
  ///
  /// @return bytes
  public long held() {
    return held.get();
  }

  /// How many clients hold something.
  ///
  /// @return a number
  public int clients() {
    return clients.clients();
  }
}
