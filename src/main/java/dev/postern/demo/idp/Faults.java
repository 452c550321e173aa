package dev.postern.demo.idp;

import dev.postern.demo.http.Header;
import dev.postern.demo.http.HttpRequest;
import dev.postern.demo.http.Reply;
import dev.postern.demo.http.WireWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Faults of the outpost for tests: delay, failure mode, holds. They act on all outpost paths.
public final class Faults {
  private static final Duration SLOW_PAUSE = Duration.ofMillis(20);

  private final Clock clock;
  private final Consumer<Boolean> listen;

  /// Guards everything below.
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition changed = lock.newCondition();
  private FaultMode mode = FaultMode.NONE;
  private FaultMode next = FaultMode.NONE;
  private int nextCount;
  private int hanging;
  private Duration delay = Duration.ZERO;
  private Hold before = released();
  private Hold after = released();

  Faults(Clock clock, Consumer<Boolean> listen) {
    this.clock = clock;
    this.listen = listen;
  }

  private static Hold released() {
    Hold hold = new Hold();
    hold.release();
    return hold;
  }

  /// Sets the failure mode until it is set again.
  public void mode(FaultMode newMode) {
    boolean wasDown;
    lock.lock();
    try {
      wasDown = mode == FaultMode.DOWN;
      mode = newMode;
      nextCount = 0;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (wasDown != (newMode == FaultMode.DOWN)) {
      listen.accept(wasDown);
    }
  }

  /// The failure mode that is set.
  public FaultMode mode() {
    return locked(() -> mode);
  }

  /// Makes the next requests fail, then returns to the mode that is set.
  ///
  /// @param failure how they fail; not `DOWN`
  /// @param requests how many
  public void failNext(FaultMode failure, int requests) {
    if (failure == FaultMode.DOWN) {
      throw new IllegalArgumentException("DOWN is a state, not the fate of one request.");
    }
    lock.lock();
    try {
      next = failure;
      nextCount = requests;
    } finally {
      lock.unlock();
    }
  }

  /// Delays each request before it is handled.
  ///
  /// @param newDelay how long, zero for not at all
  public void delay(Duration newDelay) {
    locked(() -> delay = newDelay);
  }

  /// Holds requests before they are handled.
  ///
  /// @return the hold, to be closed
  public Hold holdBefore() {
    return locked(() -> before = new Hold());
  }

  /// Holds requests after the response is decided and before it is written.
  ///
  /// @return the hold, to be closed
  public Hold holdAfter() {
    return locked(() -> after = new Hold());
  }

  boolean databaseDown() {
    return mode() == FaultMode.DATABASE_DOWN;
  }

  void release() {
    lock.lock();
    try {
      before.release();
      after.release();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  Reply apply(HttpRequest request, Supplier<Reply> response) throws InterruptedException {
    Duration pause = locked(() -> delay);
    if (pause.isPositive()) {
      Thread.sleep(pause);
    }
    locked(() -> before).pass();
    FaultMode fate = locked(this::nextFate);
    return switch (fate) {
      case NONE, DOWN, DATABASE_DOWN -> held(response.get());
      case HANG -> hang();
      case RESET -> raw("", Reply.Ending.RESET);
      case GARBAGE -> raw("\u0001\u0002 nothing like HTTP\r\n\r\n", Reply.Ending.CLOSE);
      case SERVER_ERROR -> Reply.Response.text(503, "text/plain; charset=utf-8", "unavailable\n");
      case SLOW, TRUNCATED, WRONG_LENGTH -> spoil(fate, request, held(response.get()));
    };
  }

  private FaultMode nextFate() {
    if (nextCount == 0) {
      return mode;
    }
    nextCount--;
    return next;
  }

  private Reply held(Reply reply) throws InterruptedException {
    locked(() -> after).pass();
    return reply;
  }

  private Reply hang() throws InterruptedException {
    lock.lock();
    try {
      FaultMode during = mode;
      hanging++;
      changed.signalAll();
      while (mode == during) {
        changed.await();
      }
      hanging--;
    } finally {
      lock.unlock();
    }
    return raw("", Reply.Ending.CLOSE);
  }

  /// Waits until a number of requests hang.
  ///
  /// @param requests how many
  /// @param limit how long to wait at most
  /// @return false if the time ran out
  /// @throws InterruptedException if the waiting thread is interrupted
  public boolean awaitHanging(int requests, Duration limit) throws InterruptedException {
    lock.lock();
    try {
      long nanos = limit.toNanos();
      while (hanging < requests && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
      return hanging >= requests;
    } finally {
      lock.unlock();
    }
  }

  private Reply spoil(FaultMode fate, HttpRequest request, Reply reply) {
    if (!(reply instanceof Reply.Response response)) {
      return reply;
    }
    boolean head = request.method().equals("HEAD");
    byte[] whole = WireWriter.response(response, head, true, clock.instant());
    return switch (fate) {
      case SLOW -> new Reply.Raw(whole, SLOW_PAUSE, Reply.Ending.CLOSE);
      case TRUNCATED ->
          new Reply.Raw(Arrays.copyOf(whole, whole.length / 2), Duration.ZERO, Reply.Ending.CLOSE);
      case WRONG_LENGTH -> wrongLength(response);
      case NONE, DOWN, HANG, RESET, GARBAGE, SERVER_ERROR, DATABASE_DOWN -> reply;
    };
  }

  private static Reply wrongLength(Reply.Response response) {
    StringBuilder head = new StringBuilder("HTTP/1.1 " + response.status() + " Spoiled\r\n");
    List<Header> lines = new ArrayList<>(response.headers());
    lines.add(new Header("Content-Length", Integer.toString(response.body().length + 10)));
    lines.forEach(
        line -> head.append(line.name()).append(": ").append(line.value()).append("\r\n"));
    String body = new String(response.body(), StandardCharsets.ISO_8859_1);
    return raw(head.append("\r\n").append(body).toString(), Reply.Ending.CLOSE);
  }

  private static Reply raw(String bytes, Reply.Ending ending) {
    return new Reply.Raw(bytes.getBytes(StandardCharsets.ISO_8859_1), Duration.ZERO, ending);
  }

  private <T> T locked(Supplier<T> action) {
    lock.lock();
    try {
      return action.get();
    } finally {
      lock.unlock();
    }
  }
}
