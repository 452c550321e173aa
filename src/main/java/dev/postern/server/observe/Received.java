package dev.postern.server.observe;

import dev.postern.accesslog.CompletedRequest;
import dev.postern.accesslog.CompletedRequest.Tls;
import dev.postern.accesslog.PeerText;
import dev.postern.net.ForwardedRequest;
import dev.postern.net.RequestHeaders;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// A request as it was received, whatever server has read it.
///
/// @param method the method
/// @param target the raw request target
/// @param protocol `HTTP/1.0`, `HTTP/1.1` or `HTTP/2.0`
/// @param scheme `http` or `https`, by the connection
/// @param authority `Host` or `:authority`, empty when there is none
/// @param headers the header lines
/// @param peer the other end of the connection
/// @param tls what was agreed on, or null without TLS
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

  /// The request itself in the form of a forwarded one.
  ///
  /// @param trusted whether its peer may speak for clients
  ForwardedRequest request(boolean trusted) {
    int mark = target.indexOf('?');
    return new ForwardedRequest(
        method,
        mark < 0 ? target : target.substring(0, mark),
        mark < 0 ? "" : target.substring(mark),
        headers,
        method,
        spoken(trusted, "X-Forwarded-Proto", scheme),
        spoken(trusted, "X-Forwarded-Host", authority),
        target,
        ForwardedRequest.Form.SOUND);
  }

  private String spoken(boolean trusted, String header, String own) {
    String value = trusted ? headers.first(header) : null;
    return value == null || value.isEmpty() ? own : value;
  }

  /// Address of the client.
  ///
  /// @param trusted whether its peer may speak for clients
  String client(boolean trusted) {
    String value = trusted ? String.join(", ", headers.values(FORWARDED_FOR)) : "";
    return value.isEmpty() ? PeerText.host(peer) : value;
  }

  CompletedRequest.Connection connection(String entryPoint) {
    return new CompletedRequest.Connection(entryPoint, protocol, peer, tls);
  }
}
