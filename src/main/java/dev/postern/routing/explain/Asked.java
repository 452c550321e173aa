package dev.postern.routing.explain;

import dev.postern.net.ForwardedRequest;
import dev.postern.net.ForwardedRequest.Form;
import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import dev.postern.rules.request.ByteStrings;
import dev.postern.rules.request.RequestPath;
import java.net.IDN;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A request to explain.
///
/// @param url as typed into a browser; `https` if it has no scheme
/// @param headers additional headers; a `Host` header replaces the URL's host
/// @param client the client's address, or empty when unknown
public record Asked(String url, String method, List<HeaderLine> headers, String client) {
  public Asked {
    headers = List.copyOf(headers);
  }

  /// What Traefik does with it.
  public sealed interface Outcome {}

  /// Traefik forwards it.
  ///
  /// @param request as it would arrive at Postern
  public record Forwarded(ForwardedRequest request) implements Outcome {}

  /// Traefik responds itself, before any router.
  ///
  /// @param sentence the reason
  public record Refused(String sentence) implements Outcome {}

  /// Passes the request through an entry point of Traefik with default settings
  /// (docs/design/traefik.md section 0).
  ///
  /// @return the resulting forward-auth request, or why there is none
  public Outcome forwarded() {
    int mark = url.indexOf("://");
    String scheme = mark < 0 ? "https" : url.substring(0, mark).toLowerCase(Locale.ROOT);
    if (!List.of("http", "https", "ws", "wss").contains(scheme)) {
      return new Refused("The URL must begin with https:// or http://, not " + scheme + "://.");
    }
    String rest = (mark < 0 ? url : url.substring(mark + 3)).split("#", 2)[0];
    int query = rest.indexOf('?');
    String before = query < 0 ? rest : rest.substring(0, query);
    int slash = before.indexOf('/');
    String authority = slash < 0 ? before : before.substring(0, slash);
    String path = encoded(slash < 0 ? "/" : before.substring(slash));
    String host = host(authority.substring(authority.lastIndexOf('@') + 1));
    if (host.isEmpty()) {
      return new Refused("The URL has no host; write for example https://app.example.org/.");
    }
    String tail = query < 0 ? "" : "?" + encoded(rest.substring(query + 1));
    return RequestPath.atEntryPoint(path)
        .map(clean -> request(scheme, host, clean + tail))
        .orElseGet(() ->
            new Refused(
                "Traefik answers 400 Bad Request before routing: the path has a '%' without two"
                    + " hexadecimal digits after it."));
  }

  private Outcome request(String scheme, String host, String uri) {
    List<HeaderLine> lines = new ArrayList<>();
    lines.add(new HeaderLine("X-Forwarded-Method", method));
    lines.add(new HeaderLine("X-Forwarded-Proto", scheme));
    lines.add(new HeaderLine("X-Forwarded-Host", host));
    // Every entry point replaces it, unless it is configured to encode it (docs/design/traefik.md
    // section 0, stage 5).
    lines.add(new HeaderLine("X-Forwarded-Uri", uri.replace(';', '&')));
    if (!client.isEmpty()) {
      lines.add(new HeaderLine("X-Forwarded-For", client));
    }
    headers.stream().filter(line -> !line.is("Host")).forEach(lines::add);
    var request = ForwardedRequest.read("GET", "/", "", HeaderLines.of(lines));
    return request.form() == Form.SOUND
        ? new Forwarded(request)
        : new Refused(
            "Traefik answers 400 Bad Request before routing, or what it forwards is ambiguous and"
                + " never answered from the cache: check the host, the method and the X-Forwarded-*"
                + " headers.");
  }

  private String host(String ofUrl) {
    String host =
        headers.stream()
            .filter(line -> line.is("Host"))
            .map(HeaderLine::value)
            .findFirst()
            .orElse(ofUrl);
    try {
      return ByteStrings.isAscii(host) ? host : IDN.toASCII(host);
    } catch (IllegalArgumentException _) {
      return host;
    }
  }

  /// Percent-encodes what a browser encodes in a URL.
  private static String encoded(String text) {
    StringBuilder out = new StringBuilder();
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      int value = octet & 0xFF;
      if (value > ' ' && value < 0x7F) {
        out.append((char) value);
      } else {
        out.append(String.format("%%%02X", value));
      }
    }
    return out.toString();
  }
}
