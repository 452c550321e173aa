package dev.postern.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The log of requests, with Traefik's options (docs/design/traefik.md section 3.1).
///
/// @param filePath file to write to, or null for standard output
/// @param format line format
/// @param filters which requests are logged
/// @param fields what is logged of a request
/// @param bufferingSize maximum lines in the write buffer; 0 means the built-in default
/// @param bufferingPolicy what happens when the buffer is full
public record AccessLogConfig(
    @Nullable Path filePath,
    Format format,
    Filters filters,
    Fields fields,
    int bufferingSize,
    BufferingPolicy bufferingPolicy,
    boolean addInternals) {

  /// Line formats.
  public enum Format {
    /// Common Log Format with Traefik's additions
    COMMON("common"),
    /// Common Log Format with referrer and user agent only
    GENERIC_CLF("genericCLF"),
    /// one JSON object a line
    JSON("json");

    private final String text;

    Format(String text) {
      this.text = text;
    }

    /// Traefik's spelling, such as `genericCLF`.
    public String text() {
      return text;
    }
  }

  /// What happens to a line when the buffer is full.
  public enum BufferingPolicy {
    /// the line is discarded and counted
    DROP,
    /// the request waits until there is space
    BLOCK
  }

  /// How a value is logged.
  public enum Mode {
    /// the value is logged
    KEEP,
    /// it is not logged
    DROP,
    /// only the fact that it was present is logged
    REDACT
  }

  /// Which requests are logged: those that meet at least one condition; all if there is none.
  ///
  /// @param statusCodes the status is in one of these ranges
  /// @param retryAttempts the request was retried
  /// @param minDuration the request took longer than this; zero disables the condition
  public record Filters(
      List<StatusRange> statusCodes, boolean retryAttempts, Duration minDuration) {
    public Filters {
      statusCodes = List.copyOf(statusCodes);
    }
  }

  /// A range of statuses, both ends included.
  public record StatusRange(int first, int last) {}

  /// What is logged of a request.
  ///
  /// @param defaultMode mode of unlisted fields; keep or drop
  /// @param names mode of single fields, by name in lower case
  /// @param headers modes of request and response headers
  /// @param keepsQuery whether the path is logged with its query string
  public record Fields(
      Mode defaultMode, Map<String, Mode> names, HeaderModes headers, boolean keepsQuery) {
    public Fields {
      names = Map.copyOf(names);
    }
  }

  /// Modes of header lines.
  ///
  /// @param defaultMode mode of unlisted headers
  /// @param names mode of single headers, by name in lower case
  public record HeaderModes(Mode defaultMode, Map<String, Mode> names) {
    public HeaderModes {
      names = Map.copyOf(names);
    }
  }
}
