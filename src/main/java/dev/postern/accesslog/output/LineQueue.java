package dev.postern.accesslog.output;

import dev.postern.config.AccessLogConfig.BufferingPolicy;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Lines that wait to be written: many producers, one consumer.
///
/// The lock is held only for a few instructions, never during a write.
final class LineQueue {
  private final int maxLines;
  private final long maxBytes;
  private final BufferingPolicy policy;
  private final AtomicLong lost = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition notEmpty = lock.newCondition();
  private final Condition room = lock.newCondition();
  // Mutable state; guarded by lock.
  private ArrayDeque<byte[]> lines = new ArrayDeque<>();
  private long bytes;
  private boolean closed;
  private boolean reopen;

  /// Work for the consumer.
  ///
  /// @param lines to be written, in order
  /// @param reopen whether the file must be reopened first
  /// @param closed whether these are the last lines
  record Batch(ArrayDeque<byte[]> lines, boolean reopen, boolean closed) {}

  LineQueue(int maxLines, long maxBytes, BufferingPolicy policy) {
    this.maxLines = maxLines;
    this.maxBytes = maxBytes;
    this.policy = policy;
  }

  /// Adds a line.
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
        notEmpty.signal();
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /// A line larger than the whole limit may still wait if it is alone.
  private boolean fits(byte[] line) {
    return lines.isEmpty() || (lines.size() < maxLines && bytes + line.length <= maxBytes);
  }

  private boolean isHalfFull() {
    return lines.size() >= (maxLines + 1) / 2 || bytes >= maxBytes / 2;
  }

  /// Takes everything. Waits until there is something to do, then a little longer, so that on a
  /// busy server the writer wakes up rarely.
  ///
  /// @param lingerNanos maximum additional wait
  Batch take(long lingerNanos) throws InterruptedException {
    lock.lock();
    try {
      while (lines.isEmpty() && !closed && !reopen) {
        notEmpty.await();
      }
      long left = lingerNanos;
      while (left > 0 && !closed && !reopen && !isHalfFull()) {
        left = notEmpty.awaitNanos(left);
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

  /// Waits before the next attempt to write; ends early if the file should be reopened.
  ///
  /// @param nanos maximum wait
  /// @return whether the queue is closed, so that the writer must not retry any more
  boolean pause(long nanos) throws InterruptedException {
    lock.lock();
    try {
      long left = nanos;
      while (left > 0 && !closed && !reopen) {
        left = notEmpty.awaitNanos(left);
      }
      reopen = false;
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /// Requests a reopening of the file before the next line.
  void reopen() {
    lock.lock();
    try {
      reopen = true;
      notEmpty.signal();
    } finally {
      lock.unlock();
    }
  }

  /// Accepts no more lines.
  void close() {
    lock.lock();
    try {
      closed = true;
      notEmpty.signal();
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// Counts lines that could not be written.
  void countLost(long count) {
    lost.addAndGet(count);
  }

  /// The number of lost lines.
  long lost() {
    return lost.get();
  }
}
