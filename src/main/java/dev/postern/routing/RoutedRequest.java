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

/// A forwarded request as Traefik's rules see it. Values are parsed on demand, and the results of
/// costly rules are kept. One instance per request, used on its event loop.
///
/// Traefik forwards the request as its entry point has normalised it, so the path is not cleaned
/// again. The peer is the last address of `X-Forwarded-For`, which Traefik itself has added.
///
/// Evaluating a rule takes time proportional to the length of its inputs, on an event loop that
/// also serves others, and a client may send a mebibyte. So rules are not evaluated for inputs
/// longer than any browser sends. Such a request is undecided as soon as a rule would have to be
/// evaluated: the matching rules are unknown, and callers must apply the most restrictive
/// possibility.
public final class RoutedRequest implements HostIndex.Query {
  private static final Set<String> CONNECTION_HEADERS =
      Set.of("Host", "Connection", "Transfer-Encoding", "Trailer");

  /// Browsers and Traefik's defaults limit it to about half of that.
  private static final int LONGEST_TEXT = 16_384;

  /// A DNS name has at most 253 characters.
  private static final int LONGEST_HOST = 1024;

  /// Charged per value in addition to its characters, so that many short values count, too.
  private static final int VALUE_COST = 64;

  private final ForwardedRequest forwarded;
  private final String canonicalHost;
  private boolean undecided;
  private @Nullable RoutedRequest plain;
  private @Nullable RuleRequest request;
  private boolean isRead;

  /// Creates an instance; parses nothing yet.
  ///
  /// @param forwarded a request whose headers stay valid while this is in use
  public RoutedRequest(ForwardedRequest forwarded) {
    this.forwarded = forwarded;
    undecided = forwarded.host().length() > LONGEST_HOST;
    canonicalHost = undecided ? "" : CanonicalHost.of(forwarded.host());
  }

  /// Whether a rule would have had to evaluate an input that is too long, so that the matching
  /// rules are unknown. Call it after the rules.
  public boolean isUndecided() {
    return undecided;
  }

  @Override
  public String canonicalHost() {
    return canonicalHost;
  }

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

  /// The same request with the plain spelling of its host; this one if there is none.
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

  /// Whether the host is in its plain spelling: lower case, no port, no brackets, no final dot.
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

  /// Headers about the connection between Traefik and Postern are not the client's, so they count
  /// as absent.
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
