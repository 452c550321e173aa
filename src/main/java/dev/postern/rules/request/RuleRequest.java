package dev.postern.rules.request;

import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// A request as the rules see it; built once per request and used by many rules. Not thread-safe,
/// because the query is decoded on first use.
public final class RuleRequest {
  private final String method;
  private final String host;
  private final String canonicalHost;
  private final @Nullable String flattenedHost;
  private final String routingPath;
  private final String rawQuery;
  private final Headers headers;
  private final @Nullable IpAddress peer;
  private @Nullable QueryParameters query;
  private @Nullable IdentityHashMap<Object, Boolean> results;

  /// Access to a request's header values.
  public interface Headers {
    /// Returns the values of one header in order, as byte strings; empty if it is absent.
    ///
    /// @param name the canonical name, such as `X-Forwarded-Proto`
    List<String> values(String name);
  }

  /// Creates a request.
  ///
  /// @param method the method as sent
  /// @param hostHeader the Host header or the authority of the request target, possibly empty
  /// @param flattenedHost the host at the end of the CNAME chain, or null unless CNAME flattening
  ///   is enabled
  /// @param routingPath the result of [RequestPath#routingPath]
  /// @param rawQuery the query without its question mark, empty if there is none; `;` already
  ///   replaced (docs/design/traefik.md section 0, stage 5)
  /// @param headers the headers after stage 7 of docs/design/traefik.md section 0
  /// @param peer the peer's address, or null if unknown
  public RuleRequest(
      String method,
      String hostHeader,
      @Nullable String flattenedHost,
      String routingPath,
      String rawQuery,
      Headers headers,
      @Nullable IpAddress peer) {
    this.method = method;
    this.host = CanonicalHost.withoutPort(hostHeader);
    this.canonicalHost = CanonicalHost.of(hostHeader);
    this.flattenedHost = flattenedHost;
    this.routingPath = routingPath;
    this.rawQuery = rawQuery;
    this.headers = headers;
    this.peer = peer;
  }

  /// Returns the method as sent.
  public String method() {
    return method;
  }

  /// Returns the host as sent, without its port.
  public String host() {
    return host;
  }

  /// Returns the host in lower case without port and brackets, empty if the request has none.
  public String canonicalHost() {
    return canonicalHost;
  }

  /// Returns the end of the CNAME chain, or null unless CNAME flattening is enabled.
  public @Nullable String flattenedHost() {
    return flattenedHost;
  }

  /// Returns the path with all escapes decoded, except those of reserved characters.
  public String routingPath() {
    return routingPath;
  }

  /// Returns the values of one header.
  ///
  /// @param name the canonical name
  public List<String> headerValues(String name) {
    return headers.values(name);
  }

  /// Returns the decoded parameters of the query.
  public QueryParameters query() {
    QueryParameters known = query;
    if (known == null) {
      known = QueryParameters.parse(rawQuery);
      query = known;
    }
    return known;
  }

  /// Evaluates a costly rule once and stores its result.
  ///
  /// @param rule the rule, compared by identity
  /// @param evaluation evaluates the rule
  public boolean once(Object rule, Predicate<RuleRequest> evaluation) {
    IdentityHashMap<Object, Boolean> known = results;
    if (known == null) {
      known = new IdentityHashMap<>();
      results = known;
    }
    Boolean result = known.get(rule);
    if (result == null) {
      result = evaluation.test(this);
      known.put(rule, result);
    }
    return result;
  }

  /// Returns the peer's address, or null if unknown.
  public @Nullable IpAddress peer() {
    return peer;
  }
}
