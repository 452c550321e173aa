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

/// The keys of the access log; the same names as Traefik's.
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
              "File to append to instead of writing to standard output; reopened on SIGUSR1.")
          .example("/var/log/postern/access.log");
  static final Key<Format> FORMAT =
      Key.of(
          "accessLog.format",
          Kinds.oneOf(
              Map.of(
                  "common", Format.COMMON, "genericCLF", Format.GENERIC_CLF, "json", Format.JSON)),
          "common",
          "Line format.");
  static final Key<Integer> BUFFERING_SIZE =
      Key.of(
              "accessLog.bufferingSize",
              Kinds.INTEGER,
              "0",
              "Maximum lines in the write buffer; 0 means 8192. The buffer holds at most 8MiB in"
                  + " total.")
          .must("at least 0", n -> n >= 0);
  static final Key<BufferingPolicy> BUFFERING_POLICY =
      Key.of(
          "accessLog.bufferingPolicy",
          Kinds.oneOf(Map.of("drop", BufferingPolicy.DROP, "block", BufferingPolicy.BLOCK)),
          "drop",
          "What happens when the buffer is full: drop discards the line and counts it; block makes"
              + " requests wait, as Traefik does.");
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
              "Logs requests whose response has one of these statuses. A request is logged if at"
                  + " least one filter matches; without filters, all requests are logged.")
          .example("401,500-599");
  static final Key<Boolean> RETRY_ATTEMPTS =
      Key.of(
          "accessLog.filters.retryAttempts",
          Kinds.BOOLEAN,
          "false",
          "Logs requests that were retried. Postern never retries, so as the only filter it logs"
              + " nothing.");
  static final Key<Duration> MIN_DURATION =
      Key.of(
              "accessLog.filters.minDuration",
              Kinds.DURATION,
              "0s",
              "Logs requests that took longer than this; 0s disables the filter.")
          .must("at least 0s", d -> !d.isNegative());
  static final Key<Mode> DEFAULT_MODE =
      Key.of("accessLog.fields.defaultMode", KEEP_OR_DROP, "keep", "Default for unlisted fields.");
  static final Key<Mode> NAMES =
      Key.of(
              "accessLog.fields.names" + KeyTable.ANY_NAME,
              KEEP_OR_DROP,
              "",
              "Mode of one field, such as ClientUsername.")
          .example("drop");
  static final Key<Mode> HEADER_DEFAULT_MODE =
      Key.of(
          "accessLog.fields.headers.defaultMode",
          HEADER_MODE,
          "drop",
          "Default for unlisted headers. Some headers carry secrets: redact or drop Cookie,"
              + " Authorization and the identity headers.");
  static final Key<Mode> HEADER_NAMES =
      Key.of(
              "accessLog.fields.headers.names" + KeyTable.ANY_NAME,
              HEADER_MODE,
              "",
              "Mode of one header, such as User-Agent.")
          .example("keep");
  static final Key<Mode> QUERY_PARAMETERS =
      Key.of(
          "accessLog.fields.queryParameters.defaultMode",
          KEEP_OR_DROP,
          "keep",
          "Whether RequestPath includes the query string.");

  /// Keys that Traefik has and Postern does not, with the message for each.
  static final Map<String, String> REFUSED =
      Map.of(
          "accessLog.otlp",
          "is not supported: the access log goes to a file or standard output, where a collector"
              + " can read it as JSON; remove the section",
          "accessLog.dualOutput",
          "is not supported, because the access log is not exported over OTLP; remove it");

  /// The field names that may be configured: Traefik's and Postern's own.
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
