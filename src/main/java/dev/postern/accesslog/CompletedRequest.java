package dev.postern.accesslog;

import dev.postern.net.ForwardedRequest;
import dev.postern.net.RequestHeaders;
import dev.postern.verdict.CacheStatus;
import java.net.InetSocketAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A request that is over: what was asked, what was answered, and how that came about.
///
/// @param number position in the order of arrival, from 1, over all entry points
/// @param timing when it came and how long it took
/// @param connection how it came
/// @param request the forwarded request that a forward-auth request describes; any other request
///   describes itself, where its peer may speak for clients by the `X-Forwarded-*` headers
/// @param client address of the client: the whole `X-Forwarded-For` of a peer that may speak for
///   clients, else the peer's (docs/design/traefik.md section 3.2 `ClientHost`)
/// @param bodyBytes bytes of the request's body that were read
/// @param answer what was sent
/// @param origin what the upstream answered, or null when it was not asked for this request
/// @param finding what was found out about the request
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

  /// The status of a request whose client went before anything was sent, as Traefik counts it.
  public static final int CLIENT_CLOSED_REQUEST = 499;

  /// When it came and how long it took.
  ///
  /// @param start when its head had been read
  /// @param startNanos the same by the monotonic clock
  /// @param nanos how long it took until the last byte was handed to the operating system
  public record Timing(Instant start, long startNanos, long nanos) {}

  /// How it came.
  ///
  /// @param entryPoint name of the entry point
  /// @param protocol `HTTP/1.1` or `HTTP/2.0`
  /// @param peer the other end of the connection
  /// @param tls what was agreed on, or null without TLS
  public record Connection(
      String entryPoint, String protocol, InetSocketAddress peer, @Nullable Tls tls) {}

  /// What a TLS connection agreed on.
  ///
  /// @param version `1.2` or `1.3`, else `unknown`
  /// @param cipher name of the cipher suite in IANA's registry
  public record Tls(String version, String cipher) {}

  /// What was sent.
  ///
  /// @param status HTTP status, [#CLIENT_CLOSED_REQUEST] when the client went before
  /// @param bytes size of the body
  /// @param headers the header lines
  public record Sent(int status, long bytes, RequestHeaders headers) {}

  /// What the upstream answered, or what is said in its place when it does not answer.
  ///
  /// @param status HTTP status
  /// @param bytes size of the body
  /// @param nanos how long it took, waiting for a place included
  /// @param headers the header lines, none when there was no answer
  public record Origin(int status, long bytes, long nanos, RequestHeaders headers) {}

  /// What was found out about the request.
  ///
  /// @param outcome how it ended
  /// @param cacheStatus where the verdict came from, or null when there was none
  /// @param application name of the application, or null for what is no forward-auth request
  /// @param route the router that it came by, or null when that is unknown
  /// @param user name of the user who was allowed, or null
  public record Finding(
      Outcome outcome,
      @Nullable CacheStatus cacheStatus,
      @Nullable String application,
      @Nullable Route route,
      @Nullable String user) {}
}
