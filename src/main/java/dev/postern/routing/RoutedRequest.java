package dev.postern.routing;

import dev.postern.net.ForwardedFor;
import dev.postern.net.ForwardedRequest;
import dev.postern.rules.index.HostIndex;
import dev.postern.rules.request.CanonicalHost;
import dev.postern.rules.request.IpAddress;
import dev.postern.rules.request.RequestPath;
import dev.postern.rules.request.RuleRequest;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A forwarded request as Traefik's rules see it, read as far as they ask, and what costly rules
/// have said about it. One is made for each request and asked on its event loop.
///
/// What Traefik forwards has passed its entry point already, so the path is not cleaned again. The
/// peer is the last address of `X-Forwarded-For`, which Traefik itself has added.
///
/// Rules take time in proportion to what they look at, on an event loop that answers others, and a
/// client may send a mebibyte. So they are not asked about what is longer than any browser sends.
/// Such a request is undecided as soon as a rule would have to be asked: which rules match is not
/// known then, and callers have to take the narrowest of all possibilities.
public final class RoutedRequest implements HostIndex.Asked {
  private static final Set<String> CONNECTION_HEADERS =
      Set.of("Host", "Connection", "Transfer-Encoding", "Trailer");

  /// Browsers and Traefik's own defaults end at about half of that.
  private static final int LONGEST_TEXT = 16_384;

  /// A name in the DNS has 253 characters at most.
  private static final int LONGEST_HOST = 1024;

  /// A value costs more than its characters: many short ones are no way around the limit.
  private static final int VALUE_COST = 64;

  private final ForwardedRequest forwarded;
  private final String canonicalHost;
  private boolean undecided;
  private @Nullable RoutedRequest plain;
  private @Nullable RuleRequest request;
  private boolean isRead;

  /// Reads nothing yet.
  ///
  /// @param forwarded a request whose headers are valid as long as this is asked
  public RoutedRequest(ForwardedRequest forwarded) {
    this.forwarded = forwarded;
    undecided = forwarded.host().length() > LONGEST_HOST;
    canonicalHost = undecided ? "" : CanonicalHost.of(forwarded.host());
  }

  /// Whether a rule would have had to look at more than is looked at. To be asked after the rules.
  ///
  /// @return whether it is not known which rules match
  public boolean isUndecided() {
    return undecided;
  }

  @Override
  public String canonicalHost() {
    return canonicalHost;
  }

  /// The request itself.
  ForwardedRequest forwarded() {
    return forwarded;
  }

  /// Whether the client spoke TLS.
  boolean isTls() {
    return forwarded.proto().equals("https") || forwarded.proto().equals("wss");
  }

  /// The host as received.
  String host() {
    return forwarded.host();
  }

  /// The same request to the plain spelling of its host, or this one where there is none.
  RoutedRequest plain() {
    RoutedRequest known = plain;
    if (known == null) {
      String host = HostSpelling.plain(forwarded.host());
      known =
          host.isEmpty() || host.equals(forwarded.host())
              ? this
              : new RoutedRequest(forwarded.withHost(host));
      plain = known;
    }
    return known;
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
    if (undecided || uri.length() > LONGEST_TEXT) {
      undecided = true;
      return null;
    }
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
    List<String> values = forwarded.headers().values(name);
    long cost = 0;
    for (String value : values) {
      cost += value.length() + VALUE_COST;
    }
    if (cost > LONGEST_TEXT) {
      undecided = true;
      return List.of();
    }
    return values;
  }
}
