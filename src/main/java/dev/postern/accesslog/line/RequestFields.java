package dev.postern.accesslog.line;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postern.accesslog.CompletedRequest;
import dev.postern.accesslog.CompletedRequest.Origin;
import dev.postern.net.RequestHeaders;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The field values of a completed request (docs/design/traefik.md section 3.2).
///
/// @param upstream the service for Traefik's `Service` fields
record RequestFields(CompletedRequest request, Upstream upstream) implements FieldSource {
  /// The upstream as a service.
  ///
  /// @param url scheme, host and port
  /// @param address host and port
  record Upstream(String url, String address) {}

  @Override
  public @Nullable Object value(Field field) {
    return field.read(this);
  }

  @Override
  public @Nullable RequestHeaders headers(Side side) {
    return switch (side) {
      case REQUEST -> request.request().headers();
      case DOWNSTREAM -> request.answer().headers();
      case ORIGIN -> {
        Origin origin = request.origin();
        yield origin == null ? null : origin.headers();
      }
    };
  }

  @Nullable String application() {
    return utf8(request.finding().application());
  }

  @Nullable String cacheStatus() {
    var status = request.finding().cacheStatus();
    return status == null ? null : status.text();
  }

  String user() {
    String user = request.finding().user();
    return user == null || user.isEmpty() ? "-" : user;
  }

  long originStatus() {
    Origin origin = request.origin();
    return origin == null ? 0 : origin.status();
  }

  long originBytes() {
    Origin origin = request.origin();
    return origin == null ? 0 : origin.bytes();
  }

  long originNanos() {
    Origin origin = request.origin();
    return origin == null ? 0 : origin.nanos();
  }

  /// Bytes from the upstream divided by bytes sent. Traefik's name assumes compression as the only
  /// reason for a difference.
  @Nullable Double gzipRatio() {
    long sent = request.answer().bytes();
    return sent == 0 || sent == originBytes() ? null : (double) originBytes() / sent;
  }

  @Nullable String address() {
    String host = request.request().host();
    return host.isEmpty() ? null : host;
  }

  @Nullable String host() {
    String address = address();
    return address == null ? null : HostAndPort.of(address).host();
  }

  @Nullable String port() {
    String address = address();
    return address == null ? null : HostAndPort.of(address).port();
  }

  /// Traefik logs websockets with the scheme `http` or `https`.
  String scheme() {
    String proto = request.request().proto();
    return switch (proto.toLowerCase(Locale.ROOT)) {
      case "ws" -> "http";
      case "wss" -> "https";
      case String _ -> proto;
    };
  }

  @Nullable String router() {
    var route = request.finding().route();
    return route == null ? null : utf8(route.router());
  }

  @Nullable String service() {
    var route = request.finding().route();
    return route == null || request.origin() == null ? null : utf8(route.service());
  }

  @Nullable String serviceUrl() {
    return request.origin() == null ? null : upstream.url();
  }

  @Nullable String serviceAddress() {
    return request.origin() == null ? null : upstream.address();
  }

  @Nullable String tlsVersion() {
    var tls = request.connection().tls();
    return tls == null ? null : tls.version();
  }

  @Nullable String tlsCipher() {
    var tls = request.connection().tls();
    return tls == null ? null : tls.cipher();
  }

  @Nullable String traceId() {
    TraceContext trace = trace();
    return trace == null ? null : trace.traceId();
  }

  @Nullable String spanId() {
    TraceContext trace = trace();
    return trace == null ? null : trace.spanId();
  }

  private @Nullable TraceContext trace() {
    return TraceContext.of(request.request().headers().single("traceparent"));
  }

  /// Names from the configuration are Unicode text, not raw bytes.
  private static @Nullable String utf8(@Nullable String text) {
    return text == null ? null : new String(text.getBytes(UTF_8), ISO_8859_1);
  }
}
