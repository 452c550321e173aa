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
/// Making a line happens on the request's I/O thread, because its header lines belong to it;
/// writing never does, unless the operator asks for requests to wait.
public final class AccessLog implements RequestListener, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AccessLog.class);

  /// Lines that may wait where the operator gives no number.
  private static final int STANDARD_LINES = 8192;

  /// Bytes that lines may hold while they wait, whatever their number.
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
    // A daemon, because a disk that hangs must not keep the program from ending.
    this.writer = Thread.ofPlatform().daemon().name("postern-access-log").start(writer);
  }

  /// Starts an access log. The file is opened by the writer: what cannot be opened is tried again,
  /// and told in the program's own log.
  ///
  /// @param config where lines go and how many may wait
  /// @param maker makes the lines
  /// @param ticker monotonic nanoseconds
  /// @return the running log
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

  /// Once in a while, and not on an I/O thread: the program's own log may hang with the same disk.
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
                      "Lines of the access log are lost, because they come faster than they can be"
                          + " written; check the disk of accessLog.filePath"));
    }
  }

  /// Closes the file and opens it anew before the next line, as a rotation asks for.
  public void reopen() {
    queue.reopen();
  }

  /// How many lines could not be written.
  ///
  /// @return lines lost since the start
  public long lostLines() {
    return queue.lost();
  }

  /// Writes what still waits, within two seconds, and stops.
  @Override
  public void close() {
    queue.close();
    try {
      if (!writer.join(LAST_LINES)) {
        LOG.warn("The access log hangs; its last lines are lost");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
