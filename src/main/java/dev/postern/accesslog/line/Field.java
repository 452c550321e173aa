package dev.postern.accesslog.line;

import dev.postern.accesslog.PeerText;
import org.jspecify.annotations.Nullable;

/// The fields of a line, in the byte order of their names, which is the order of JSON lines.
///
/// All of Traefik's fields are known (docs/design/traefik.md section 3.2), though some are never
/// produced: those of Kubernetes Ingress, of client certificates, and three that Traefik only
/// documents. `Application`, `CacheStatus` and `Decision` are Postern's own and appear only in
/// JSON.
enum Field {
  APPLICATION("Application", RequestFields::application),
  CACHE_STATUS("CacheStatus", RequestFields::cacheStatus),
  CLIENT_ADDR("ClientAddr", f -> PeerText.hostAndPort(f.request().connection().peer())),
  CLIENT_HOST("ClientHost", f -> f.request().client()),
  CLIENT_PORT("ClientPort", f -> Integer.toString(f.request().connection().peer().getPort())),
  CLIENT_USERNAME("ClientUsername", RequestFields::user),
  DECISION("Decision", f -> f.request().finding().outcome().text()),
  DOWNSTREAM_CONTENT_SIZE("DownstreamContentSize", f -> f.request().answer().bytes()),
  DOWNSTREAM_STATUS("DownstreamStatus", f -> (long) f.request().answer().status()),
  DOWNSTREAM_STATUS_LINE("DownstreamStatusLine"),
  DURATION("Duration", f -> f.request().timing().nanos()),
  GZIP_RATIO("GzipRatio", RequestFields::gzipRatio),
  KUBERNETES_INGRESS_NAME("KubernetesIngressName"),
  KUBERNETES_INGRESS_NAMESPACE("KubernetesIngressNamespace"),
  KUBERNETES_SERVICE_NAME("KubernetesServiceName"),
  KUBERNETES_SERVICE_PORT("KubernetesServicePort"),
  ORIGIN_CONTENT_SIZE("OriginContentSize", RequestFields::originBytes),
  ORIGIN_DURATION("OriginDuration", RequestFields::originNanos),
  ORIGIN_STATUS("OriginStatus", RequestFields::originStatus),
  ORIGIN_STATUS_LINE("OriginStatusLine"),
  OVERHEAD("Overhead", f -> f.request().timing().nanos() - f.originNanos()),
  REQUEST_ADDR("RequestAddr", RequestFields::address),
  REQUEST_CONTENT_SIZE("RequestContentSize", f -> f.request().bodyBytes()),
  REQUEST_COUNT("RequestCount", f -> f.request().number()),
  REQUEST_HOST("RequestHost", RequestFields::host),
  REQUEST_LINE("RequestLine"),
  REQUEST_METHOD("RequestMethod", f -> f.request().request().method()),
  REQUEST_PATH("RequestPath", f -> f.request().request().uri()),
  REQUEST_PORT("RequestPort", RequestFields::port),
  REQUEST_PROTOCOL("RequestProtocol", f -> f.request().connection().protocol()),
  REQUEST_SCHEME("RequestScheme", RequestFields::scheme),
  RETRY_ATTEMPTS("RetryAttempts", _ -> 0L),
  ROUTER_NAME("RouterName", RequestFields::router),
  SERVICE_ADDR("ServiceAddr", RequestFields::serviceAddress),
  SERVICE_NAME("ServiceName", RequestFields::service),
  SERVICE_URL("ServiceURL", RequestFields::serviceUrl),
  SPAN_ID("SpanId", RequestFields::spanId),
  START_LOCAL("StartLocal", f -> f.request().timing().start()),
  START_UTC("StartUTC", f -> f.request().timing().start()),
  TLS_CIPHER("TLSCipher", RequestFields::tlsCipher),
  TLS_CLIENT_SUBJECT("TLSClientSubject"),
  TLS_VERSION("TLSVersion", RequestFields::tlsVersion),
  TRACE_ID("TraceId", RequestFields::traceId),
  ENTRY_POINT_NAME("entryPointName", f -> f.request().connection().entryPoint()),
  SPAN_ID_SNAKE("span_id", RequestFields::spanId),
  TRACE_ID_SNAKE("trace_id", RequestFields::traceId);

  /// Reads the value of a request.
  @FunctionalInterface
  private interface Reader {
    @Nullable Object read(RequestFields fields);
  }

  private final String text;

  // Each is a lambda without state.
  @SuppressWarnings("ImmutableEnumChecker")
  private final Reader reader;

  /// A field that is never produced.
  Field(String text) {
    this(text, _ -> null);
  }

  Field(String text, Reader reader) {
    this.text = text;
    this.reader = reader;
  }

  /// The value of a request; null if it has none.
  @Nullable Object read(RequestFields fields) {
    return reader.read(fields);
  }

  /// Its name in lines and in the configuration.
  String text() {
    return text;
  }
}
