package dev.postern.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.LoggerFactory;

/// Captures log lines of some classes, from INFO on, while it is open.
public final class CapturedLog extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final Logger logger;
  private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();

  private CapturedLog(Logger logger) {
    this.logger = logger;
    setContext(logger.getLoggerContext());
    start();
    logger.setLevel(Level.INFO);
    logger.addAppender(this);
  }

  /// Starts capturing.
  ///
  /// @param name a package, with its subpackages, or a class
  /// @return the open log
  public static CapturedLog of(String name) {
    return new CapturedLog((Logger) LoggerFactory.getLogger(name));
  }

  /// {@return level and message of each line so far, `WARN message`}
  public List<String> lines() {
    return events.stream().map(e -> e.getLevel() + " " + e.getFormattedMessage()).toList();
  }

  /// {@return the values of a key in the lines so far}
  ///
  /// @param key the name
  public List<Object> values(String key) {
    return events.stream()
        .filter(e -> e.getKeyValuePairs() != null)
        .flatMap(e -> e.getKeyValuePairs().stream())
        .filter(pair -> pair.key.equals(key))
        .map(pair -> pair.value)
        .toList();
  }

  @Override
  protected void append(ILoggingEvent event) {
    events.add(event);
  }

  @Override
  public void close() {
    logger.detachAppender(this);
    logger.setLevel(null);
    stop();
  }
}
