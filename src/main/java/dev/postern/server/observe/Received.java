package dev.postern.server.observe;

import dev.postern.accesslog.CompletedRequest;
import dev.postern.accesslog.CompletedRequest.Tls;
import dev.postern.accesslog.PeerText;
import dev.postern.net.ForwardedRequest;
import dev.postern.net.RequestHeaders;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// A request as it was received, independent of the server that read it.
///
/// @param target the raw request target
/// @param protocol `HTTP/1.0`, `HTTP/1.1` or `HTTP/2.0`
/// @param scheme `http` or `https`, from the connection
/// @param authority `Host` or `:authority`, empty if there is none
/// @param headers the header lines
/// @param peer the address of the connection's other end
/// @param tls the negotiated parameters, or null without TLS
public record Received(
    String method,
    String target,
    String protocol,
    String scheme,
    String authority,
    RequestHeaders headers,
    InetSocketAddress peer,
    @Nullable Tls tls) {
  private static final String FORWARDED_FOR = "X-Forwarded-For";

  /// This request itself as a [ForwardedRequest].
  ///
  /// @param trusted whether its `X-Forwarded-*` headers may be used
  ForwardedRequest request(boolean trusted) {
    int mark = target.indexOf('?');
    return new ForwardedRequest(
        method,
        mark < 0 ? target : target.substring(0, mark),
        mark < 0 ? "" : target.substring(mark),
        headers,
        method,
        forwardedOr(trusted, "X-Forwarded-Proto", scheme),
        forwardedOr(trusted, "X-Forwarded-Host", authority),
        target,
        ForwardedRequest.Form.SOUND);
  }

  private String forwardedOr(boolean trusted, String header, String own) {
    String value = trusted ? headers.first(header) : null;
    return value == null || value.isEmpty() ? own : value;
  }

  /// Address of the client.
  ///
  /// @param trusted whether its `X-Forwarded-*` headers may be used
  String client(boolean trusted) {
    String value = trusted ? String.join(", ", headers.values(FORWARDED_FOR)) : "";
    return value.isEmpty() ? PeerText.host(peer) : value;
  }

  CompletedRequest.Connection connection(String entryPoint) {
    return new CompletedRequest.Connection(entryPoint, protocol, peer, tls);
  }
}
