package dev.postern.accesslog.output;

import dev.postern.config.AccessLogConfig.BufferingPolicy;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Lines that wait to be written: many who bring, one who takes.
///
/// The lock is held for a few instructions, never while anything is written.
final class LineQueue {
  private final int maxLines;
  private final long maxBytes;
  private final BufferingPolicy policy;
  private final AtomicLong lost = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition worth = lock.newCondition();
  private final Condition room = lock.newCondition();
  // Mutable state; guarded by lock.
  private ArrayDeque<byte[]> lines = new ArrayDeque<>();
  private long bytes;
  private boolean closed;
  private boolean reopen;

  /// What the taker is to do.
  ///
  /// @param lines to be written, in order
  /// @param reopen whether the file is to be opened anew before
  /// @param closed whether these are the last
  record Batch(ArrayDeque<byte[]> lines, boolean reopen, boolean closed) {}

  LineQueue(int maxLines, long maxBytes, BufferingPolicy policy) {
    this.maxLines = maxLines;
    this.maxBytes = maxBytes;
    this.policy = policy;
  }

  /// Brings a line.
  ///
  /// @return false if it is lost
  boolean add(byte[] line) {
    lock.lock();
    try {
      while (policy == BufferingPolicy.BLOCK && !closed && !fits(line)) {
        room.awaitUninterruptibly();
      }
      if (closed || !fits(line)) {
        lost.incrementAndGet();
        return false;
      }
      lines.add(line);
      bytes += line.length;
      if (lines.size() == 1 || isHalfFull()) {
        worth.signal();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// A line larger than all room there is may still wait alone.
  private boolean fits(byte[] line) {
    return lines.isEmpty() || (lines.size() < maxLines && bytes + line.length <= maxBytes);
  }

  private boolean isHalfFull() {
    return lines.size() >= (maxLines + 1) / 2 || bytes >= maxBytes / 2;
  }

  /// Takes everything, waiting until there is something to do; from then on a little longer, so
  /// that a busy server wakes its writer seldom.
  ///
  /// @param lingerNanos how much longer at most
  Batch take(long lingerNanos) throws InterruptedException {
    lock.lock();
    try {
      while (lines.isEmpty() && !closed && !reopen) {
        worth.await();
      }
      long left = lingerNanos;
      while (left > 0 && !closed && !reopen && !isHalfFull()) {
        left = worth.awaitNanos(left);
      }
      Batch batch = new Batch(lines, reopen, closed);
      lines = new ArrayDeque<>();
      bytes = 0;
      reopen = false;
      room.signalAll();
      return batch;
    } finally {
      lock.unlock();
    }
  }

  /// Waits before the next attempt to write, shorter when the file is to be opened anew.
  ///
  /// @param nanos how long at most
  /// @return whether no more lines will come, so that nobody waits any longer
  boolean pause(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (left > 0 && !closed && !reopen) {
        left = worth.awaitNanos(left);
      }
      reopen = false;
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /// Asks for the file to be opened anew before the next line is written.
  void reopen() {
    lock.lock();
    try {
      reopen = true;
      worth.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Takes no more lines.
  void close() {
    lock.lock();
    try {
      closed = true;
      worth.signal();
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Counts lines that could not be written.
  void lose(long count) {
    lost.addAndGet(count);
  }

  /// How many lines have been lost.
  long lost() {
    return lost.get();
  }
}
