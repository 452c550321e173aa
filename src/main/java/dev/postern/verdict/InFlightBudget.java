package dev.postern.verdict;

import dev.postern.verdict.Verdict.Fault;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Limits the bytes of requests in flight, queued and joined, with at most a quarter for each
/// client (invariant 9).
public final class InFlightBudget {
  /// A request holds at most its head and its buffered response, 1 MiB each.
  private static final long REQUEST_BYTES = 2L << 20;

  private final long maxBytes;
  private final ClientBytes clients;
  private final AtomicLong held = new AtomicLong();

  public InFlightBudget(long maxBytes) {
    this.maxBytes = maxBytes;
    this.clients = ClientBytes.quarterOf(maxBytes, REQUEST_BYTES);
  }

  /// Takes bytes for a client.
  ///
  /// @return null if they were taken; otherwise the limit that was reached, and nothing is taken
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

  /// Returns bytes that a client has taken.
  public void give(String client, long bytes) {
    held.addAndGet(-bytes);
    clients.give(client, bytes);
  }

  /// Bytes held now.
  public long held() {
    return held.get();
  }

  /// How many clients hold something.
  public int clients() {
    return clients.clients();
  }
}
