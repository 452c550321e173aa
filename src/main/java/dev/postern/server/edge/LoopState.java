package dev.postern.server.edge;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.channel.EventLoop;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// What the connections of one event loop share: a buffer for heads, the `Date` header, and the
/// time with the task that checks time limits. Used on that event loop only.
final class LoopState {
  /// A connection that is checked periodically.
  interface Member {
    /// Ends what exceeds a time limit.
    ///
    /// @param now nanoseconds of the ticker
    void sweep(long now);

    /// Asks the peer to use another connection after its present requests.
    void goAway();

    /// Closes the connection at once.
    void closeNow();
  }

  /// RFC 9110 section 5.6.7.
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final EventLoop loop;
  private final LongSupplier ticker;
  private final Clock clock;
  private final Set<Member> members = new LinkedHashSet<>();
  private final HeadBytes scratch = new HeadBytes();
  private final HeadBytes block = new HeadBytes();
  private final HpackLines hpack = new HpackLines(block);
  private final Future<?> sweeps;
  private long now;
  private long dateSecond = Long.MIN_VALUE;
  private String date = "";
  private byte[] dateBytes = {};

  LoopState(EventLoop loop, LongSupplier ticker, Clock clock, Duration sweepInterval) {
    this.loop = loop;
    this.ticker = ticker;
    this.clock = clock;
    this.now = ticker.getAsLong();
    long nanos = sweepInterval.toNanos();
    this.sweeps = loop.scheduleWithFixedDelay(this::sweep, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  EventLoop loop() {
    return loop;
  }

  /// The time of the last check; exact enough for timeouts.
  long now() {
    return now;
  }

  /// An empty buffer, to be used before the event loop does anything else.
  HeadBytes scratch() {
    scratch.clear();
    return scratch;
  }

  /// An empty header block, to be used before the event loop does anything else.
  HpackLines hpack() {
    block.clear();
    return hpack;
  }

  /// The header block that [#hpack] has written.
  HeadBytes block() {
    return block;
  }

  /// The current `Date`.
  String date() {
    dateBytes();
    return date;
  }

  /// The text of the last result of [#dateBytes].
  String lastDate() {
    return date;
  }

  byte[] dateBytes() {
    long second = Math.floorDiv(clock.millis(), 1000L);
    if (second != dateSecond) {
      dateSecond = second;
      date = DATE.format(Instant.ofEpochSecond(second));
      dateBytes = date.getBytes(US_ASCII);
    }
    return dateBytes;
  }

  void add(Member member) {
    members.add(member);
  }

  void remove(Member member) {
    members.remove(member);
  }

  /// A copy, because a member that closes removes itself.
  Member[] members() {
    return members.toArray(Member[]::new);
  }

  void stop() {
    boolean _ = sweeps.cancel(false);
  }

  private void sweep() {
    now = ticker.getAsLong();
    for (Member member : members()) {
      member.sweep(now);
    }
  }
}
