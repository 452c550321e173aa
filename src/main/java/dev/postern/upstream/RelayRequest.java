package dev.postern.upstream;

import dev.postern.net.ForwardedRequest;
import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import dev.postern.net.HopByHop;
import dev.postern.net.RequestHeaders;
import dev.postern.upstream.wire.RequestHead;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/// Builds the requests to the upstream.
public final class RelayRequest {
  private static final String FORWARDED_FOR = "X-Forwarded-For";

  private RelayRequest() {}

  /// What Postern itself observed of a client connection.
  ///
  /// @param proto `http` or `https`
  /// @param host the `Host` header
  /// @param port the port that the client connected to
  /// @param peer the peer's address
  public record ObservedRequest(String proto, String host, int port, String peer) {}

  /// A forward-auth request, with the header bytes exactly as received.
  ///
  /// `X-Original-*` is removed: it would let a client choose the URL that older outposts check
  /// (GHSA-5wcc).
  ///
  /// @param pathAndQuery the request target
  /// @param authority the upstream's `Host`
  public static RequestHead check(ForwardedRequest request, String pathAndQuery, String authority) {
    List<HeaderLine> lines = new ArrayList<>();
    lines.add(new HeaderLine("Host", authority));
    request
        .headers()
        .forEach((name, value) -> {
          if (isForwardable(name)
              && !name.equalsIgnoreCase("Host")
              && !lower(name).startsWith("x-original-")) {
            lines.add(new HeaderLine(name, value));
          }
        });
    return new RequestHead(request.subMethod(), pathAndQuery, HeaderLines.of(lines));
  }

  /// A request for an outpost path; the peer is appended to `X-Forwarded-For`.
  ///
  /// @param pathAndQuery the request target
  /// @param incoming the received headers, including the browser's `Host`
  /// @param seen what Postern itself observed
  /// @param trusted whether the peer's `X-Forwarded-*` headers are trusted; if not, they are
  ///   replaced
  public static RequestHead outpostPath(
      String method,
      String pathAndQuery,
      RequestHeaders incoming,
      ObservedRequest seen,
      boolean trusted) {
    List<HeaderLine> lines = new ArrayList<>();
    StringJoiner through = new StringJoiner(", ");
    incoming.forEach((name, value) -> {
      if (!isForwardable(name) || (!trusted && isForwarded(name))) {
        return;
      }
      if (name.equalsIgnoreCase(FORWARDED_FOR)) {
        through.add(value);
      } else {
        lines.add(new HeaderLine(name, value));
      }
    });
    if (!trusted) {
      lines.add(new HeaderLine("X-Forwarded-Proto", seen.proto()));
      lines.add(new HeaderLine("X-Forwarded-Host", seen.host()));
      lines.add(new HeaderLine("X-Forwarded-Port", Integer.toString(seen.port())));
    }
    lines.add(new HeaderLine(FORWARDED_FOR, through.add(seen.peer()).toString()));
    return new RequestHead(method, pathAndQuery, HeaderLines.of(lines));
  }

  /// Declares a body of unknown length.
  ///
  /// @return the request with a chunked body, or unchanged if it declares a length
  public static RequestHead withBody(RequestHead head) {
    if (head.headers().count("Content-Length") > 0) {
      return head;
    }
    List<HeaderLine> lines = new ArrayList<>(head.headers().lines());
    lines.add(new HeaderLine("Transfer-Encoding", "chunked"));
    return new RequestHead(head.method(), head.target(), HeaderLines.of(lines));
  }

  private static boolean isForwardable(String name) {
    return !HopByHop.contains(name) && !name.equalsIgnoreCase("Expect");
  }

  private static boolean isForwarded(String name) {
    String lower = lower(name);
    return lower.startsWith("x-forwarded-")
        || lower.equals("forwarded")
        || lower.equals("x-real-ip");
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}
