package dev.postern.testing;

import dev.postern.config.AccessLogConfig;
import dev.postern.config.AccessLogConfig.BufferingPolicy;
import dev.postern.config.AccessLogConfig.Fields;
import dev.postern.config.AccessLogConfig.Filters;
import dev.postern.config.AccessLogConfig.Format;
import dev.postern.config.AccessLogConfig.HeaderModes;
import dev.postern.config.AccessLogConfig.Mode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/// Creates and reads access logs for tests.
public final class AccessLogs {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private AccessLogs() {}

  /// All fields, including all headers.
  public static final Fields ALL_HEADERS =
      new Fields(Mode.KEEP, Map.of(), new HeaderModes(Mode.KEEP, Map.of()), true);

  /// The default fields, with the headers that the text formats contain.
  public static final Fields USUAL =
      new Fields(
          Mode.KEEP,
          Map.of(),
          new HeaderModes(Mode.DROP, Map.of("user-agent", Mode.KEEP, "referer", Mode.KEEP)),
          true);

  /// The configuration of a log without filters.
  public static AccessLogConfig of(Format format, Path file, Fields fields) {
    return of(format, file, fields, 0, BufferingPolicy.DROP);
  }

  /// The configuration of a log without filters.
  ///
  /// @param size maximum number of queued lines
  /// @param policy what to do with further lines
  public static AccessLogConfig of(
      Format format, Path file, Fields fields, int size, BufferingPolicy policy) {
    return new AccessLogConfig(
        file, format, new Filters(List.of(), false, Duration.ZERO), fields, size, policy, false);
  }

  /// The configuration of a log that makes requests wait when it is full.
  public static AccessLogConfig blocking(Format format, Path file) {
    return of(format, file, USUAL, 0, BufferingPolicy.BLOCK);
  }

  /// Reads a line of the JSON format.
  @SuppressWarnings("unchecked") // JSON objects have strings as keys.
  public static Map<String, Object> parsed(String line) {
    return JsonMapper.shared().readValue(line, Map.class);
  }

  /// Waits for lines.
  ///
  /// @param count minimum number of lines
  /// @return all lines of the file, one character per byte
  public static List<String> await(Path file, int count) {
    List<String> lines = new ArrayList<>();
    Await.until(
        count + " lines in " + file,
        LIMIT,
        () -> {
          lines.clear();
          String all = Files.readString(file, StandardCharsets.ISO_8859_1);
          all.lines().forEach(lines::add);
          return lines.size() >= count && all.endsWith("\n");
        });
    return List.copyOf(lines);
  }
}
