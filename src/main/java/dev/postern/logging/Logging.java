package dev.postern.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import dev.postern.config.LogConfig;
import java.io.Console;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.slf4j.LoggerFactory;

/// Sets up the program's own log in code; logback reads no configuration file.
public final class Logging {
  /// Libraries whose INFO lines do not help an operator.
  private static final List<String> LIBRARIES = List.of("io.undertow", "org.xnio", "org.jboss");

  private Logging() {}

  /// Starts the log with the configured level, format and file.
  public static void start(LogConfig config) throws IOException {
    Path file = config.filePath();
    start(config, file == null ? standardOutput() : open(file), file == null && isTerminal());
  }

  public static void start(LogConfig config, OutputStream target, boolean onTerminal) {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      context.reset();
      apply(context, config, target, onTerminal);
    }
  }

  private static void apply(
      LoggerContext context, LogConfig config, OutputStream target, boolean onTerminal) {
    Level level = Level.toLevel(config.level().name());
    boolean isDetailed = level.toInt() <= Level.DEBUG_INT;
    LogLine line =
        switch (config.format()) {
          case COMMON -> new LogLine.Common(isDetailed, onTerminal && !config.noColor());
          case JSON -> new LogLine.Json(isDetailed);
        };
    line.setContext(context);
    line.start();
    var appender = new OutputStreamAppender<ILoggingEvent>();
    appender.setContext(context);
    appender.setEncoder(line);
    appender.setOutputStream(target);
    appender.start();
    Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    root.setLevel(level);
    root.addAppender(appender);
    if (!isDetailed) {
      Level quiet = level.isGreaterOrEqual(Level.WARN) ? level : Level.WARN;
      LIBRARIES.forEach(library -> context.getLogger(library).setLevel(quiet));
    }
  }

  private static OutputStream open(Path file) throws IOException {
    try {
      Path directory = file.toAbsolutePath().getParent();
      if (directory != null) {
        Files.createDirectories(directory);
      }
      return Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new IOException(
          "the log file "
              + file
              + " of log.filePath cannot be written; check its directory and its owner",
          e);
    }
  }

  private static OutputStream standardOutput() {
    return new KeptOpen(System.out);
  }

  private static boolean isTerminal() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }

  /// Keeps standard output open when logback closes the appender.
  private static final class KeptOpen extends FilterOutputStream {
    KeptOpen(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }

  /// The set-up until the configuration is read. logback finds it with the service loader.
  public static final class Defaults extends ContextAwareBase implements Configurator {
    /// For the service loader.
    public Defaults() {}

    @Override
    public ExecutionStatus configure(LoggerContext context) {
      var config = new LogConfig(LogConfig.Level.INFO, LogConfig.Format.COMMON, null, true);
      apply(context, config, standardOutput(), false);
      return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
  }
}
