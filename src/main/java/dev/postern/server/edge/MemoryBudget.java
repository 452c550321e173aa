package dev.postern.server.edge;

import dev.postern.verdict.ClientBytes;
import java.util.concurrent.atomic.AtomicLong;

/// The memory of heads, waiting bodies, waiting responses and connections, over all connections of
/// all entry points. Untrusted peers may use only a part of it, so that they cannot displace
/// trusted ones. The waiting requests of one client, from any peer, may use a quarter.
public final class MemoryBudget {
  /// The reserve for header blocks is the budget divided by this: in the smallest budget it holds
  /// one block of maximum size.
  private static final int BLOCK_RESERVE = 2;

  private final long bytes;
  private final long untrustedBytes;
  private final ClientBytes clients;
  private final AtomicLong held = new AtomicLong();
  private final AtomicLong untrustedHeld = new AtomicLong();

  public MemoryBudget(EdgeLimits limits) {
    this.bytes = limits.memoryBytes();
    this.untrustedBytes = limits.untrustedMemoryBytes();
    this.clients = limits.clientMemory();
  }

  /// The bytes in use.
  public long held() {
    return held.get();
  }

  /// The bytes in use by the waiting requests of each client.
  public ClientBytes clients() {
    return clients;
  }

  /// Reserves bytes if there is room.
  ///
  /// @return whether there was room; if not, nothing is reserved
  boolean take(boolean trusted, long count) {
    if (!trusted && untrustedHeld.addAndGet(count) > untrustedBytes) {
      untrustedHeld.addAndGet(-count);
      return false;
    }
    if (held.addAndGet(count) > bytes) {
      give(trusted, count);
      return false;
    }
    return true;
  }

  /// Reserves bytes for a connection. A trusted peer's connection is counted but never refused,
  /// because it carries the requests of many clients.
  boolean takeForConnection(boolean trusted, long count) {
    if (trusted) {
      held.addAndGet(count);
      return true;
    }
    return take(false, count);
  }

  /// Reserves bytes for a header block that is arriving. For trusted peers there is a reserve
  /// beside the budget: later blocks depend on this one, so refusing it would end the connection,
  /// which carries the requests of many clients. The request itself is refused after it was
  /// decoded.
  boolean takeForBlock(boolean trusted, long count) {
    if (!trusted) {
      return take(false, count);
    }
    if (held.addAndGet(count) > bytes + bytes / BLOCK_RESERVE) {
      give(true, count);
      return false;
    }
    return true;
  }

  void give(boolean trusted, long count) {
    held.addAndGet(-count);
    if (!trusted) {
      untrustedHeld.addAndGet(-count);
    }
  }
}
