package dev.postern.config.load;

import dev.postern.config.AccessLogConfig.BufferingPolicy;
import dev.postern.config.AccessLogConfig.Format;
import dev.postern.config.AccessLogConfig.Mode;
import dev.postern.config.AccessLogConfig.StatusRange;
import dev.postern.config.key.Key;
import dev.postern.config.key.KeyTable;
import dev.postern.config.key.Kind;
import dev.postern.config.key.Kinds;
import dev.postern.config.key.StatusRanges;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The keys of the access log, which are Traefik's.
final class AccessLogKeys {
  private static final Kind<Mode> KEEP_OR_DROP =
      Kinds.oneOf(Map.of("keep", Mode.KEEP, "drop", Mode.DROP));
  private static final Kind<Mode> HEADER_MODE =
      Kinds.oneOf(Map.of("keep", Mode.KEEP, "drop", Mode.DROP, "redact", Mode.REDACT));

  static final Key<Boolean> ACCESS_LOG =
      Key.of(
          "accessLog",
          Kinds.SWITCH,
          "",
          "Logs every request of the entry points for Traefik; see observability.md.");
  static final Key<Path> FILE =
      Key.of(
              "accessLog.filePath",
              Kinds.PATH,
              "",
              "File that lines are appended to instead of standard output; opened anew on SIGUSR1.")
          .example("/var/log/postern/access.log");
  static final Key<Format> FORMAT =
      Key.of(
          "accessLog.format",
          Kinds.oneOf(
              Map.of(
                  "common", Format.COMMON, "genericCLF", Format.GENERIC_CLF, "json", Format.JSON)),
          "common",
          "How a line looks.");
  static final Key<Integer> BUFFERING_SIZE =
      Key.of(
              "accessLog.bufferingSize",
              Kinds.INTEGER,
              "0",
              "Lines that may wait to be written; 0 for 8192. All together they may hold 8MiB.")
          .must("at least 0", n -> n >= 0);
  static final Key<BufferingPolicy> BUFFERING_POLICY =
      Key.of(
          "accessLog.bufferingPolicy",
          Kinds.oneOf(Map.of("drop", BufferingPolicy.DROP, "block", BufferingPolicy.BLOCK)),
          "drop",
          "What becomes of a line that may not wait: drop loses and counts it; block makes requests"
              + " wait, as Traefik does.");
  static final Key<Boolean> ADD_INTERNALS =
      Key.of(
          "accessLog.addInternals",
          Kinds.BOOLEAN,
          "false",
          "Logs requests to the admin entry point too.");
  static final Key<List<StatusRange>> STATUS_CODES =
      Key.of(
              "accessLog.filters.statusCodes",
              StatusRanges.KIND,
              "",
              "Logs answers with these statuses. Filters add up: a request is logged if one of them"
                  + " says so, and any request if there is none.")
          .example("401,500-599");
  static final Key<Boolean> RETRY_ATTEMPTS =
      Key.of(
          "accessLog.filters.retryAttempts",
          Kinds.BOOLEAN,
          "false",
          "Logs requests that were retried, of which there are none; alone, it logs nothing.");
  static final Key<Duration> MIN_DURATION =
      Key.of(
              "accessLog.filters.minDuration",
              Kinds.DURATION,
              "0s",
              "Logs requests that took longer; 0s turns that off.")
          .must("at least 0s", d -> !d.isNegative());
  static final Key<Mode> DEFAULT_MODE =
      Key.of(
          "accessLog.fields.defaultMode",
          KEEP_OR_DROP,
          "keep",
          "What becomes of fields that are not named.");
  static final Key<Mode> NAMES =
      Key.of(
              "accessLog.fields.names" + KeyTable.ANY_NAME,
              KEEP_OR_DROP,
              "",
              "What becomes of one field, such as ClientUsername.")
          .example("drop");
  static final Key<Mode> HEADER_DEFAULT_MODE =
      Key.of(
          "accessLog.fields.headers.defaultMode",
          HEADER_MODE,
          "drop",
          "What becomes of headers that are not named. Some of them are secrets: redact or drop"
              + " Cookie, Authorization and the identity headers.");
  static final Key<Mode> HEADER_NAMES =
      Key.of(
              "accessLog.fields.headers.names" + KeyTable.ANY_NAME,
              HEADER_MODE,
              "",
              "What becomes of one header, such as User-Agent.")
          .example("keep");
  static final Key<Mode> QUERY_PARAMETERS =
      Key.of(
          "accessLog.fields.queryParameters.defaultMode",
          KEEP_OR_DROP,
          "keep",
          "Whether RequestPath has its query.");

  /// What Traefik has and this program has not.
  static final Map<String, String> REFUSED =
      Map.of(
          "accessLog.otlp",
          "is not supported: the access log goes to a file or standard output, from where a"
              + " collector can read it as JSON; remove the section",
          "accessLog.dualOutput",
          "is not supported, because there is no export over OTLP beside the file; remove it");

  /// The fields that may be named; those that Traefik knows and the program's own.
  static final List<String> FIELD_NAMES =
      List.of(
          "Application",
          "CacheStatus",
          "ClientAddr",
          "ClientHost",
          "ClientPort",
          "ClientUsername",
          "Decision",
          "DownstreamContentSize",
          "DownstreamStatus",
          "DownstreamStatusLine",
          "Duration",
          "GzipRatio",
          "KubernetesIngressName",
          "KubernetesIngressNamespace",
          "KubernetesServiceName",
          "KubernetesServicePort",
          "OriginContentSize",
          "OriginDuration",
          "OriginStatus",
          "OriginStatusLine",
          "Overhead",
          "RequestAddr",
          "RequestContentSize",
          "RequestCount",
          "RequestHost",
          "RequestLine",
          "RequestMethod",
          "RequestPath",
          "RequestPort",
          "RequestProtocol",
          "RequestScheme",
          "RetryAttempts",
          "RouterName",
          "ServiceAddr",
          "ServiceName",
          "ServiceURL",
          "SpanId",
          "StartLocal",
          "StartUTC",
          "TLSCipher",
          "TLSClientSubject",
          "TLSVersion",
          "TraceId",
          "entryPointName",
          "span_id",
          "trace_id");

  private AccessLogKeys() {}

  static Stream<Key<?>> all() {
    return Stream.of(
        ACCESS_LOG,
        FILE,
        FORMAT,
        BUFFERING_SIZE,
        BUFFERING_POLICY,
        ADD_INTERNALS,
        STATUS_CODES,
        RETRY_ATTEMPTS,
        MIN_DURATION,
        DEFAULT_MODE,
        NAMES,
        HEADER_DEFAULT_MODE,
        HEADER_NAMES,
        QUERY_PARAMETERS);
  }
}
