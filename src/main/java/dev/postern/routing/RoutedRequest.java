package dev.postern.routing;

import dev.postern.http.ForwardedFor;
import dev.postern.http.ForwardedRequest;
import dev.postern.rules.index.HostIndex;
import dev.postern.rules.request.CanonicalHost;
import dev.postern.rules.request.IpAddress;
import dev.postern.rules.request.RequestPath;
import dev.postern.rules.request.RuleRequest;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A forwarded request as Traefik's rules see it, read as far as they ask.
///
/// What Traefik forwards has passed its entry point already, so the path is not cleaned again. The
/// peer is the last address of `X-Forwarded-For`, which Traefik itself has added.
final class RoutedRequest implements HostIndex.Asked {
  private static final Set<String> CONNECTION_HEADERS =
      Set.of("Host", "Connection", "Transfer-Encoding", "Trailer");

  private final ForwardedRequest forwarded;
  private final String canonicalHost;
  private @Nullable RuleRequest request;
  private boolean isRead;

  RoutedRequest(ForwardedRequest forwarded) {
    this.forwarded = forwarded;
    canonicalHost = CanonicalHost.of(forwarded.host());
  }

  @Override
  public String canonicalHost() {
    return canonicalHost;
  }

  /// Whether the host is spelled as applications are: lower case, no port, no brackets, no final
  /// dot.
  boolean isPlain() {
    return HostSpelling.isPlain(forwarded.host());
  }

  @Override
  public @Nullable RuleRequest request() {
    if (!isRead) {
      isRead = true;
      request = read();
    }
    return request;
  }

  private @Nullable RuleRequest read() {
    String uri = forwarded.uri();
    int question = uri.indexOf('?');
    String path = question < 0 ? uri : uri.substring(0, question);
    String query = question < 0 ? "" : uri.substring(question + 1);
    String routingPath = RequestPath.escaped(path).flatMap(RequestPath::routingPath).orElse(null);
    if (routingPath == null) {
      return null;
    }
    String peer = ForwardedFor.last(forwarded.headers().first("X-Forwarded-For"), "");
    return new RuleRequest(
        forwarded.method(),
        forwarded.host(),
        null,
        routingPath,
        query,
        this::values,
        IpAddress.ofPeer(peer));
  }

  /// What is about the connection between Traefik and this program is not the client's.
  private List<String> values(String name) {
    if (CONNECTION_HEADERS.contains(name)) {
      return List.of();
    }
    return forwarded.headers().values(name);
  }
}
