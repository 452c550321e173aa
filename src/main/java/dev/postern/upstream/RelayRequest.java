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

/// Makes the requests that go to the upstream.
public final class RelayRequest {
  private static final String FORWARDED_FOR = "X-Forwarded-For";

  private RelayRequest() {}

  /// What this program sees of a connection itself.
  ///
  /// @param proto `http` or `https`
  /// @param host the `Host` header
  /// @param port the port that was connected to
  /// @param peer the address at the other end
  public record ObservedRequest(String proto, String host, int port, String peer) {}

  /// A forward-auth request, with the very header bytes that came in.
  ///
  /// `X-Original-*` would let a client choose the URL that older outposts judge (GHSA-5wcc).
  ///
  /// @param request the forward-auth request
  /// @param pathAndQuery its target
  /// @param authority the upstream's `Host`
  /// @return the request to send
  public static RequestHead check(ForwardedRequest request, String pathAndQuery, String authority) {
    List<HeaderLine> lines = new ArrayList<>();
    lines.add(new HeaderLine("Host", authority));
    request
        .headers()
        .forEach((name, value) -> {
          if (goesOn(name)
              && !name.equalsIgnoreCase("Host")
              && !lower(name).startsWith("x-original-")) {
            lines.add(new HeaderLine(name, value));
          }
        });
    return new RequestHead(request.subMethod(), pathAndQuery, HeaderLines.of(lines));
  }

  /// A request for an outpost path, which the peer is added to as to those that it came through.
  ///
  /// @param method its method
  /// @param pathAndQuery its target
  /// @param incoming the headers that came in, the `Host` that the browser asked for among them
  /// @param seen what this program sees itself
  /// @param trusted whether the peer may say who was before it; if not, what it says is replaced
  /// @return the request to send
  public static RequestHead outpostPath(
      String method,
      String pathAndQuery,
      RequestHeaders incoming,
      ObservedRequest seen,
      boolean trusted) {
    List<HeaderLine> lines = new ArrayList<>();
    StringJoiner through = new StringJoiner(", ");
    incoming.forEach((name, value) -> {
      if (!goesOn(name) || (!trusted && isForwarded(name))) {
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

  /// Says that a body follows whose length nobody knows yet.
  ///
  /// @param head a request
  /// @return the request with its body in chunks, or unchanged where it declares a length
  public static RequestHead withBody(RequestHead head) {
    if (head.headers().count("Content-Length") > 0) {
      return head;
    }
    List<HeaderLine> lines = new ArrayList<>(head.headers().lines());
    lines.add(new HeaderLine("Transfer-Encoding", "chunked"));
    return new RequestHead(head.method(), head.target(), HeaderLines.of(lines));
  }

  private static boolean goesOn(String name) {
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
