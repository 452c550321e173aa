package dev.postern.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A forward-auth request and the forwarded request that its `X-Forwarded-*` headers describe
/// (docs/design/traefik.md section 1.3).
///
/// All text is raw: one character a byte, nothing decoded. What a header lacks is the empty string.
///
/// @param subMethod method of the forward-auth request itself
/// @param subPath path of the forward-auth request itself, as received
/// @param subQuery its query with the question mark, `?` alone if that is all; empty when there is
///   none
/// @param headers every header line of the forward-auth request
/// @param method `X-Forwarded-Method`
/// @param proto `X-Forwarded-Proto`
/// @param host `X-Forwarded-Host`, with port if it came with one
/// @param uri `X-Forwarded-Uri`, path and query
/// @param form whether these can be believed to mean one thing
public record ForwardedRequest(
    String subMethod,
    String subPath,
    String subQuery,
    RequestHeaders headers,
    String method,
    String proto,
    String host,
    String uri,
    Form form) {

  /// How well formed the description is.
  public enum Form {
    /// Every header once, each with one possible reading: may be answered from the cache.
    SOUND,
    /// Something is a list or malformed that the upstream may read differently than this program:
    /// passed through, never answered from the cache.
    AMBIGUOUS,
    /// One of the four headers that make up the forwarded URL and its method is absent, empty or
    /// there more than once. The upstream would fill the gap from its own request, and decide for
    /// another application than the client asked for: refused, nothing is asked (invariant 13).
    INCOMPLETE,
    /// Neither a forwarded method nor a forwarded URI: nobody who speaks for a client sent it.
    NOT_FORWARDED
  }

  private static final String METHOD = "X-Forwarded-Method";
  private static final String PROTO = "X-Forwarded-Proto";
  private static final String HOST = "X-Forwarded-Host";
  private static final String URI = "X-Forwarded-Uri";

  /// Reads the description of a forwarded request.
  ///
  /// @param subMethod method of the forward-auth request
  /// @param subPath its path as received
  /// @param subQuery its query with the question mark, empty when there is none
  /// @param headers its header lines
  /// @return the request, whatever its form
  public static ForwardedRequest read(
      String subMethod, String subPath, String subQuery, RequestHeaders headers) {
    String method = headers.first(METHOD);
    String proto = headers.first(PROTO);
    String host = headers.first(HOST);
    String uri = headers.first(URI);
    return new ForwardedRequest(
        subMethod,
        subPath,
        subQuery,
        headers,
        orEmpty(method),
        orEmpty(proto),
        orEmpty(host),
        orEmpty(uri),
        form(headers, method, proto, host, uri));
  }

  private static Form form(
      RequestHeaders headers,
      @Nullable String method,
      @Nullable String proto,
      @Nullable String host,
      @Nullable String uri) {
    if (method == null && uri == null) {
      return Form.NOT_FORWARDED;
    }
    if (method == null || proto == null || host == null || uri == null) {
      return Form.INCOMPLETE;
    }
    if (method.isEmpty()
        || proto.isEmpty()
        || host.isEmpty()
        || uri.isEmpty()
        || headers.count(METHOD) > 1
        || headers.count(PROTO) > 1
        || headers.count(HOST) > 1
        || headers.count(URI) > 1) {
      return Form.INCOMPLETE;
    }
    return isSound(method, proto, host, uri) && headers.count("X-Forwarded-For") <= 1
        ? Form.SOUND
        : Form.AMBIGUOUS;
  }

  private static String orEmpty(@Nullable String value) {
    return value == null ? "" : value;
  }

  private static boolean isSound(String method, String proto, String host, String uri) {
    return ForwardedSyntax.isMethod(method)
        && ForwardedSyntax.isProto(proto)
        && ForwardedSyntax.isHost(host)
        && ForwardedSyntax.isUri(uri);
  }

  /// The client that the forward-auth request speaks for.
  ///
  /// @param peer address of the peer, for requests without `X-Forwarded-For`
  /// @return the client's address as text, without port, brackets and zone
  public String client(String peer) {
    return ForwardedFor.address(ForwardedFor.last(headers.first("X-Forwarded-For"), peer));
  }

  /// The same request to another spelling of its host.
  ///
  /// @param other the host
  /// @return a request that shares everything else with this one
  public ForwardedRequest withHost(String other) {
    return new ForwardedRequest(
        subMethod, subPath, subQuery, headers, method, proto, other, uri, form);
  }

  /// The target of the forward-auth request, byte for byte as received.
  ///
  /// @return path and query
  public String subTarget() {
    return subQuery.isEmpty() ? subPath : subPath + subQuery;
  }

  /// The same request with a copy of its headers, for what outlives the connection's own.
  ///
  /// @return a request that no longer depends on the server
  public ForwardedRequest frozen() {
    return new ForwardedRequest(
        subMethod, subPath, subQuery, HeaderLines.copyOf(headers), method, proto, host, uri, form);
  }

  /// The same request with a copy of its headers, without those that belong to a body.
  ///
  /// @return a request that no longer depends on the server
  public ForwardedRequest withoutBody() {
    List<HeaderLine> kept = new ArrayList<>(HeaderLines.copyOf(headers).lines());
    kept.removeIf(line -> isOfBody(line.name().toLowerCase(Locale.ROOT)));
    return new ForwardedRequest(
        subMethod, subPath, subQuery, HeaderLines.of(kept), method, proto, host, uri, form);
  }

  private static boolean isOfBody(String name) {
    return switch (name) {
      case "expect", "trailer", "transfer-encoding" -> true;
      case String _ -> name.startsWith("content-");
    };
  }
}
