package dev.postern.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.KeyValuePair;

/// Formats log events. The two formats are Traefik's.
abstract sealed class LogLine extends EncoderBase<ILoggingEvent>
    permits LogLine.Common, LogLine.Json {
  private static final String OWN_LOGGERS = "dev.postern";
  private static final int CHAIN_LENGTH = 10;

  /// Whether to write stack traces, or only the exceptions' messages.
  private final boolean withStack;

  private LogLine(boolean withStack) {
    this.withStack = withStack;
  }

  /// The line with its line end, and the lines of an exception below it.
  abstract String text(ILoggingEvent event);

  @Override
  public byte[] encode(ILoggingEvent event) {
    return text(event).getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte @Nullable [] headerBytes() {
    return null;
  }

  @Override
  public byte @Nullable [] footerBytes() {
    return null;
  }

  boolean withStack() {
    return withStack;
  }

  static String time(ILoggingEvent event) {
    Instant time = Instant.ofEpochMilli(event.getTimeStamp());
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /// Key-value pairs of the event, and `logger` if the event comes from a library.
  static List<KeyValuePair> pairs(ILoggingEvent event) {
    var pairs = new ArrayList<KeyValuePair>();
    if (event.getKeyValuePairs() != null) {
      pairs.addAll(event.getKeyValuePairs());
    }
    if (!event.getLoggerName().startsWith(OWN_LOGGERS)) {
      pairs.add(new KeyValuePair("logger", event.getLoggerName()));
    }
    return pairs;
  }

  /// Messages of an exception and its causes, outermost first.
  static List<String> chain(IThrowableProxy thrown) {
    var chain = new ArrayList<String>();
    for (IThrowableProxy t = thrown; t != null && chain.size() < CHAIN_LENGTH; t = t.getCause()) {
      String type = t.getClassName().substring(t.getClassName().lastIndexOf('.') + 1);
      chain.add(t.getMessage() == null ? type : type + ": " + t.getMessage());
    }
    return chain;
  }

  /// Stack frames of an exception and its causes.
  static List<String> stack(IThrowableProxy thrown) {
    var lines = new ArrayList<String>();
    for (IThrowableProxy t = thrown; t != null && lines.size() < 500; t = t.getCause()) {
      lines.add(t.getClassName() + ": " + t.getMessage());
      for (StackTraceElementProxy element : t.getStackTraceElementProxyArray()) {
        lines.add(element.getSTEAsString());
      }
    }
    return lines;
  }

  /// For humans: `2026-11-24T15:04:05Z INF message key=value`, exceptions indented below.
  static final class Common extends LogLine {
    private final boolean withColor;

    Common(boolean withStack, boolean withColor) {
      super(withStack);
      this.withColor = withColor;
    }

    @Override
    String text(ILoggingEvent event) {
      var out = new StringBuilder();
      out.append(colored("90", time(event)))
          .append(' ')
          .append(level(event.getLevel()))
          .append(' ')
          .append(LogText.escape(event.getFormattedMessage()));
      for (KeyValuePair pair : pairs(event)) {
        out.append(' ')
            .append(colored("36", LogText.value(pair.key) + "="))
            .append(LogText.value(String.valueOf(pair.value)));
      }
      out.append('\n');
      IThrowableProxy thrown = event.getThrowableProxy();
      if (thrown != null) {
        for (String line : withStack() ? stack(thrown) : chain(thrown)) {
          out.append("    ").append(LogText.escape(line)).append('\n');
        }
      }
      return out.toString();
    }

    private String level(Level level) {
      return switch (level.toInt()) {
        case Level.TRACE_INT -> colored("34", "TRC");
        case Level.DEBUG_INT -> "DBG";
        case Level.INFO_INT -> colored("32", "INF");
        case Level.WARN_INT -> colored("33", "WRN");
        default -> colored("31", "ERR");
      };
    }

    private String colored(String code, String text) {
      return withColor ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
  }

  /// For log collectors: `{"level":"info","time":"…","message":"…","key":value}`.
  static final class Json extends LogLine {
    Json(boolean withStack) {
      super(withStack);
    }

    @Override
    String text(ILoggingEvent event) {
      var out = new StringBuilder("{");
      field(out, "level", event.getLevel().toString().toLowerCase(Locale.ROOT));
      field(out, "time", time(event));
      field(out, "message", event.getFormattedMessage());
      for (KeyValuePair pair : pairs(event)) {
        field(out, pair.key, pair.value);
      }
      IThrowableProxy thrown = event.getThrowableProxy();
      if (thrown != null) {
        field(out, "error", String.join(": ", chain(thrown)));
        if (withStack()) {
          field(out, "stack", String.join("\n", stack(thrown)));
        }
      }
      return out.append("}\n").toString();
    }

    private static void field(StringBuilder out, String key, @Nullable Object value) {
      out.append(out.length() == 1 ? "" : ",").append(LogText.json(key)).append(':');
      switch (value) {
        case null -> out.append("null");
        case Integer n -> out.append(n);
        case Long n -> out.append(n);
        case Boolean b -> out.append(b);
        default -> out.append(LogText.json(value.toString()));
      }
    }
  }
}
