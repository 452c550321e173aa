package dev.postern.accesslog;

import dev.postern.net.ForwardedRequest;
import dev.postern.net.RequestHeaders;
import dev.postern.verdict.CacheStatus;
import java.net.InetSocketAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A completed request with its response.
///
/// @param number position in the order of arrival, from 1, over all entry points
/// @param timing its start and duration
/// @param connection the connection that it used
/// @param request the forwarded request of a forward-auth request. Any other request describes
///   itself, with the `X-Forwarded-*` headers of a trusted peer
/// @param client address of the client: the whole `X-Forwarded-For` of a trusted peer, otherwise
///   the peer's (docs/design/traefik.md section 3.2 `ClientHost`)
/// @param bodyBytes bytes of the request's body that were read
/// @param answer the response that was sent
/// @param origin the upstream's response, or null if the upstream was not called for this request
/// @param finding what Postern decided about the request
public record CompletedRequest(
    long number,
    Timing timing,
    Connection connection,
    ForwardedRequest request,
    String client,
    long bodyBytes,
    Sent answer,
    @Nullable Origin origin,
    Finding finding) {

  /// The status if the client left before anything was sent, as in Traefik.
  public static final int CLIENT_CLOSED_REQUEST = 499;

  /// Start and duration.
  ///
  /// @param start when its head had been read
  /// @param startNanos the same on the monotonic clock
  /// @param nanos time until the last byte was handed to the operating system
  public record Timing(Instant start, long startNanos, long nanos) {}

  /// The connection.
  ///
  /// @param entryPoint name of the entry point
  /// @param protocol `HTTP/1.1` or `HTTP/2.0`
  /// @param peer the address of the connection's other end
  /// @param tls the negotiated parameters, or null without TLS
  public record Connection(
      String entryPoint, String protocol, InetSocketAddress peer, @Nullable Tls tls) {}

  /// The negotiated parameters of a TLS connection.
  ///
  /// @param version `1.2` or `1.3`, otherwise `unknown`
  /// @param cipher name of the cipher suite in IANA's registry
  public record Tls(String version, String cipher) {}

  /// The response that was sent.
  ///
  /// @param status HTTP status, [#CLIENT_CLOSED_REQUEST] if the client left before
  /// @param bytes size of the body
  public record Sent(int status, long bytes, RequestHeaders headers) {}

  /// The upstream's response, or the one sent in its place after a failure.
  ///
  /// @param bytes size of the body
  /// @param nanos duration, including the wait for a slot
  /// @param headers the header lines; empty if there was no response
  public record Origin(int status, long bytes, long nanos, RequestHeaders headers) {}

  /// What Postern decided about the request.
  ///
  /// @param outcome how it ended
  /// @param cacheStatus where the verdict came from, or null if there was none
  /// @param application name of the application, or null if it is not a forward-auth request
  /// @param route its router, or null if that is unknown
  /// @param user name of the user who was allowed, or null
  public record Finding(
      Outcome outcome,
      @Nullable CacheStatus cacheStatus,
      @Nullable String application,
      @Nullable Route route,
      @Nullable String user) {}
}
