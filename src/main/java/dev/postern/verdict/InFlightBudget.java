package dev.postern.verdict;

import java.util.concurrent.atomic.AtomicLong;

/// The bytes that requests in flight, queued and joined may hold together (invariant 9).
public final class InFlightBudget {
  private final long maxBytes;
  private final AtomicLong held = new AtomicLong();

  /// Makes a budget.
  ///
  /// @param maxBytes bound in bytes
  public InFlightBudget(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /// Takes bytes.
  ///
  /// @param bytes how many
  /// @return whether there was room; if not, nothing is taken
  public boolean take(long bytes) {
    if (held.addAndGet(bytes) <= maxBytes) {
      return true;
    }
    held.addAndGet(-bytes);
    return false;
  }

  /// Gives bytes back.
  ///
  /// @param bytes how many were taken
  public void give(long bytes) {
    held.addAndGet(-bytes);
  }

  /// What is held now.
  ///
  /// @return bytes
  public long held() {
    return held.get();
  }
}
