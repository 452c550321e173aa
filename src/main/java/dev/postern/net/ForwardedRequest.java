package dev.postern.net;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A forward-auth request and the forwarded request that its `X-Forwarded-*` headers describe
/// (docs/design/traefik.md section 1.3).
///
/// All text is raw: one character per byte, nothing decoded. A missing header is the empty string.
///
/// @param subMethod method of the forward-auth request itself
/// @param subPath path of the forward-auth request itself, as received
/// @param subQuery its query including the question mark, which may stand alone; empty if there is
///   none
/// @param headers every header line of the forward-auth request
/// @param method `X-Forwarded-Method`
/// @param proto `X-Forwarded-Proto`
/// @param host `X-Forwarded-Host`, including its port if present
/// @param uri `X-Forwarded-Uri`, path and query
/// @param form whether these headers are complete and unambiguous
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

  /// Whether the headers are complete and unambiguous.
  public enum Form {
    /// Every header once, each with one possible reading: the cache may answer.
    SOUND,
    /// A header is a list or malformed, and the upstream may read it differently than Postern:
    /// relayed, never answered from the cache.
    AMBIGUOUS,
    /// One of the four headers that make up the forwarded URL and its method is missing, empty or
    /// repeated. The upstream would fill the gap from its own request, and check another
    /// application than the client requested: refused without calling the upstream (invariant 13).
    INCOMPLETE,
    /// Neither a forwarded method nor a forwarded URI: not sent by a proxy for a client.
    NOT_FORWARDED
  }

  private static final String METHOD = "X-Forwarded-Method";
  private static final String PROTO = "X-Forwarded-Proto";
  private static final String HOST = "X-Forwarded-Host";
  private static final String URI = "X-Forwarded-Uri";

  /// Reads a forwarded request from the headers.
  ///
  /// @param subMethod method of the forward-auth request
  /// @param subPath its path as received
  /// @param subQuery its query including the question mark, empty if there is none
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

  /// The address of the client that sent the forwarded request.
  ///
  /// @param peer address of the peer, for requests without `X-Forwarded-For`
  /// @return the client's address as text, without port, brackets and zone
  public String client(String peer) {
    return ForwardedFor.address(ForwardedFor.last(headers.first("X-Forwarded-For"), peer));
  }

  /// This request with its host spelled differently; everything else is shared.
  public ForwardedRequest withHost(String other) {
    return new ForwardedRequest(
        subMethod, subPath, subQuery, headers, method, proto, other, uri, form);
  }

  /// The target of the forward-auth request, byte for byte as received: path and query.
  public String subTarget() {
    return subQuery.isEmpty() ? subPath : subPath + subQuery;
  }

  /// This request with a copy of its headers, so that it can outlive its connection.
  public ForwardedRequest frozen() {
    return new ForwardedRequest(
        subMethod, subPath, subQuery, HeaderLines.copyOf(headers), method, proto, host, uri, form);
  }

  /// This request with a copy of its headers, without those that describe a body.
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
