package dev.postern.testing;

import dev.postern.accesslog.CompletedRequest;
import dev.postern.accesslog.Outcome;
import dev.postern.accesslog.Route;
import dev.postern.net.ForwardedRequest;
import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import dev.postern.verdict.CacheStatus;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Completed requests for tests: by default a hit of `app.test` at the entry point `auth`.
///
/// @param entryPoint name of the entry point
/// @param method forwarded method
/// @param request header lines of the request
/// @param status status of the response
/// @param answer header lines of the response
/// @param outcome how it ended
/// @param route its router, or null
/// @param tls TLS of its connection, or null
/// @param nanos how long it took
public record Completed(
    String entryPoint,
    String method,
    List<HeaderLine> request,
    int status,
    List<HeaderLine> answer,
    Outcome outcome,
    @Nullable Route route,
    CompletedRequest.@Nullable Tls tls,
    long nanos) {
  /// A hit.
  public static final Completed HIT =
      new Completed("auth", "GET", List.of(), 200, List.of(), Outcome.ALLOW, null, null, 1000);

  /// Changes the method.
  public Completed method(String other) {
    return new Completed(entryPoint, other, request, status, answer, outcome, route, tls, nanos);
  }

  /// Changes the request's header lines.
  public Completed request(HeaderLine... lines) {
    return new Completed(
        entryPoint, method, List.of(lines), status, answer, outcome, route, tls, nanos);
  }

  /// Changes the response.
  public Completed answer(int code, Outcome ended, HeaderLine... lines) {
    return new Completed(
        entryPoint, method, request, code, List.of(lines), ended, route, tls, nanos);
  }

  /// Changes the router.
  public Completed by(String router, String service) {
    return new Completed(
        entryPoint,
        method,
        request,
        status,
        answer,
        outcome,
        new Route(router, service),
        tls,
        nanos);
  }

  /// Changes the connection's TLS.
  public Completed over(CompletedRequest.Tls agreed) {
    return new Completed(
        entryPoint, method, request, status, answer, outcome, route, agreed, nanos);
  }

  /// Changes the duration.
  public Completed taking(long duration) {
    return new Completed(
        entryPoint, method, request, status, answer, outcome, route, tls, duration);
  }

  /// {@return the request; 3 bytes of its body were read and 5 sent}
  public CompletedRequest get() {
    InetSocketAddress peer = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711);
    ForwardedRequest forwarded =
        new ForwardedRequest(
            "GET",
            "/outpost.goauthentik.io/auth/traefik",
            "",
            HeaderLines.of(request),
            method,
            "https",
            "app.test",
            "/",
            ForwardedRequest.Form.SOUND);
    return new CompletedRequest(
        1,
        new CompletedRequest.Timing(Instant.EPOCH, 0, nanos),
        new CompletedRequest.Connection(entryPoint, "HTTP/1.1", peer, tls),
        forwarded,
        "192.0.2.7",
        3,
        new CompletedRequest.Sent(status, 5, HeaderLines.of(answer)),
        null,
        new CompletedRequest.Finding(outcome, CacheStatus.HIT, "app.test", route, null));
  }
}
