package dev.postern.server.edge;

import dev.postern.verdict.ClientBytes;
import java.util.concurrent.atomic.AtomicLong;

/// The memory that heads, waiting bodies, waiting responses and connections hold, over all
/// connections of all entry points. Peers that are not trusted have a part of it only, so that they
/// cannot take the room of those that are; and the waiting requests of one client, from any peer,
/// have a quarter.
public final class MemoryBudget {
  /// The part of the budget that the reserve for header blocks is as large as: of the smallest
  /// budget it is one block of the largest size.
  private static final int BLOCK_RESERVE = 2;

  private final long bytes;
  private final long untrustedBytes;
  private final ClientBytes clients;
  private final AtomicLong held = new AtomicLong();
  private final AtomicLong untrustedHeld = new AtomicLong();

  /// Makes a budget.
  ///
  /// @param limits says how large it is
  public MemoryBudget(EdgeLimits limits) {
    this.bytes = limits.memoryBytes();
    this.untrustedBytes = limits.untrustedMemoryBytes();
    this.clients = limits.clientMemory();
  }

  /// What is held now.
  ///
  /// @return bytes
  public long held() {
    return held.get();
  }

  /// What the waiting requests of each client hold.
  ///
  /// @return clients and their bytes
  public ClientBytes clients() {
    return clients;
  }

  /// Takes bytes if there is room.
  ///
  /// @return whether there was; if not, nothing is taken
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

  /// Takes bytes for a connection. That of a trusted peer is counted and never refused: it carries
  /// other people's requests.
  boolean takeForConnection(boolean trusted, long count) {
    if (trusted) {
      held.addAndGet(count);
      return true;
    }
    return take(false, count);
  }

  /// Takes bytes for a header block that is on its way. A trusted peer's has a reserve beside the
  /// budget: later blocks depend on it, so that it cannot be refused without the connection, which
  /// carries other people's requests. The request itself is refused when it has been read.
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
