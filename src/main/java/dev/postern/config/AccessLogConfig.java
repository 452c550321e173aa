package dev.postern.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The log of requests, with Traefik's options (docs/design/traefik.md section 3.1).
///
/// @param filePath where lines go instead of standard output
/// @param format how a line looks
/// @param filters which requests are logged
/// @param fields what is logged of a request
/// @param bufferingSize how many lines may wait to be written, 0 for the program's own bound
/// @param bufferingPolicy what becomes of a line that may not wait
/// @param addInternals whether requests to the admin entry point are logged
public record AccessLogConfig(
    @Nullable Path filePath,
    Format format,
    Filters filters,
    Fields fields,
    int bufferingSize,
    BufferingPolicy bufferingPolicy,
    boolean addInternals) {

  /// The forms of a line.
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

    /// Its name in the configuration, such as `genericCLF`.
    ///
    /// @return Traefik's spelling
    public String text() {
      return text;
    }
  }

  /// What becomes of a line that may not wait.
  public enum BufferingPolicy {
    /// it is lost and counted
    DROP,
    /// requests wait until it may
    BLOCK
  }

  /// What becomes of a value.
  public enum Mode {
    /// it is logged
    KEEP,
    /// it is not
    DROP,
    /// that it was there is logged
    REDACT
  }

  /// Which requests are logged: those that meet one of the conditions, all where there is none.
  ///
  /// @param statusCodes the status is in one of these ranges
  /// @param retryAttempts the request was retried
  /// @param minDuration it took longer; zero for no such condition
  public record Filters(
      List<StatusRange> statusCodes, boolean retryAttempts, Duration minDuration) {
    /// Copies the list.
    public Filters {
      statusCodes = List.copyOf(statusCodes);
    }
  }

  /// A range of statuses.
  ///
  /// @param first the first of them
  /// @param last the last of them
  public record StatusRange(int first, int last) {}

  /// What is logged of a request.
  ///
  /// @param defaultMode what becomes of fields that are not named; keep or drop
  /// @param names what becomes of fields, by name in lower case
  /// @param headers what becomes of header lines
  /// @param keepsQuery whether the path is logged with its query
  public record Fields(
      Mode defaultMode, Map<String, Mode> names, HeaderModes headers, boolean keepsQuery) {
    /// Copies the map.
    public Fields {
      names = Map.copyOf(names);
    }
  }

  /// What becomes of header lines.
  ///
  /// @param defaultMode of those that are not named
  /// @param names by header name, in lower case
  public record HeaderModes(Mode defaultMode, Map<String, Mode> names) {
    /// Copies the map.
    public HeaderModes {
      names = Map.copyOf(names);
    }
  }
}
