package dev.postern.accesslog.output;

import dev.postern.accesslog.CompletedRequest;
import dev.postern.accesslog.RequestListener;
import dev.postern.accesslog.line.LineMaker;
import dev.postern.config.AccessLogConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The access log: each completed request becomes a line, and one thread writes the lines.
///
/// A line is formatted on the request's I/O thread, because the header lines are valid only there.
/// Writing never happens on that thread, and blocks it only if the operator configures that.
public final class AccessLog implements RequestListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);

  /// Default for the number of waiting lines.
  private static final int STANDARD_LINES = 8192;

  /// Maximum bytes of waiting lines, whatever their number.
  private static final long MAX_BYTES = 8 << 20;

  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final Duration LAST_LINES = Duration.ofSeconds(2);
  private static final long WARNING_PAUSE_NANOS = Duration.ofMinutes(1).toNanos();

  private final LineMaker maker;
  private final LineQueue queue;
  private final Thread writer;
  private final LongSupplier ticker;
  private final AtomicLong nextWarningNanos;

  private AccessLog(LineMaker maker, LineQueue queue, LineWriter writer, LongSupplier ticker) {
    this.maker = maker;
    this.queue = queue;
    this.ticker = ticker;
    nextWarningNanos = new AtomicLong(ticker.getAsLong());
    // A daemon thread, because a disk that hangs must not prevent the program's exit.
    this.writer = Thread.ofPlatform().daemon().name("postern-access-log").start(writer);
  }

  /// Starts an access log. The writer thread opens the file; if that fails, it logs the error and
  /// tries again.
  ///
  /// @param config the file and the number of lines that may wait
  /// @param maker formats the lines
  /// @param ticker monotonic nanoseconds
  public static AccessLog start(AccessLogConfig config, LineMaker maker, LongSupplier ticker) {
    return start(config, maker, ticker, RETRY);
  }

  static AccessLog start(
      AccessLogConfig config, LineMaker maker, LongSupplier ticker, Duration retry) {
    int lines = config.bufferingSize() == 0 ? STANDARD_LINES : config.bufferingSize();
    LineQueue queue = new LineQueue(lines, MAX_BYTES, config.bufferingPolicy());
    Path path = config.filePath();
    String name = path == null ? "standard output" : path.toString();
    return new AccessLog(
        maker, queue, new LineWriter(queue, new LogFile(path), name, retry), ticker);
  }

  @Override
  public void completed(CompletedRequest request) {
    byte[] line = maker.line(request);
    if (line != null && !queue.add(line)) {
      warn();
    }
  }

  /// Rate-limited, and not on an I/O thread, because the program's own log may hang on the same
  /// disk.
  private void warn() {
    long now = ticker.getAsLong();
    long due = nextWarningNanos.get();
    if (now - due >= 0 && nextWarningNanos.compareAndSet(due, now + WARNING_PAUSE_NANOS)) {
      Thread.ofVirtual()
          .name("postern-access-log-warning")
          .start(() ->
              LOG.atWarn()
                  .addKeyValue("lostSinceStart", queue.lost())
                  .log(
                      "Access log lines are lost, because they arrive faster than they can be"
                          + " written; check the disk of accessLog.filePath"));
    }
  }

  /// Closes the file and reopens it before the next line, for log rotation.
  public void reopen() {
    queue.reopen();
  }

  /// The number of lines lost since the start.
  public long lostLines() {
    return queue.lost();
  }

  /// Writes the waiting lines, for two seconds at most, and stops.
  @Override
  public void close() {
    queue.close();
    try {
      if (!writer.join(LAST_LINES)) {
        LOG.warn("Writing the access log hangs; its last lines are lost");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
