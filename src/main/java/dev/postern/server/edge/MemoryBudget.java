package dev.postern.server.edge;

import java.util.concurrent.atomic.AtomicLong;

/// The memory that heads, waiting bodies, waiting responses and connections hold, over all
/// connections of all entry points. Peers that are not trusted have a part of it only, so that they
/// cannot take the room of those that are.
public final class MemoryBudget {
  private final long bytes;
  private final long untrustedBytes;
  private final AtomicLong held = new AtomicLong();
  private final AtomicLong untrustedHeld = new AtomicLong();

  /// Makes a budget.
  ///
  /// @param limits says how large it is
  public MemoryBudget(EdgeLimits limits) {
    this.bytes = limits.memoryBytes();
    this.untrustedBytes = limits.untrustedMemoryBytes();
  }

  /// What is held now.
  ///
  /// @return bytes
  public long held() {
    return held.get();
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

  void give(boolean trusted, long count) {
    held.addAndGet(-count);
    if (!trusted) {
      untrustedHeld.addAndGet(-count);
    }
  }
}
