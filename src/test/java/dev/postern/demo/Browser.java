package dev.postern.demo;

import dev.postern.demo.http.Header;
import dev.postern.demo.http.Headers;
import dev.postern.demo.http.HttpClient;
import dev.postern.demo.http.HttpRequest;
import dev.postern.demo.http.Reply;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A browser with a cookie jar that resolves every name to one address.
final class Browser implements AutoCloseable {
  private static final int MAX_REDIRECTS = 12;

  private final InetSocketAddress address;
  private final HttpClient client;
  private final Map<String, Cookie> jar = new LinkedHashMap<>();
  private URI location = URI.create("about:blank");

  private record Cookie(String name, String value, String domain, boolean hostOnly) {
    boolean goesTo(String host) {
      return host.equals(domain) || (!hostOnly && host.endsWith("." + domain));
    }
  }

  Browser(InetSocketAddress address) {
    this.address = address;
    this.client = new HttpClient(address, Duration.ofSeconds(10));
  }

  URI location() {
    return location;
  }

  boolean hasCookie(String host, String prefix) {
    return jar.values().stream().anyMatch(c -> c.goesTo(host) && c.name().startsWith(prefix));
  }

  Reply.Response open(String url) throws IOException {
    return follow(URI.create(url), "GET", "");
  }

  /// Sends the form of a page with these fields and its hidden ones.
  Reply.Response submit(Reply.Response page, Map<String, String> fields) throws IOException {
    Matcher action =
        Pattern.compile("<form method=\"post\" action=\"([^\"]+)\"").matcher(page.text());
    Matcher hidden =
        Pattern.compile("type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")
            .matcher(page.text());
    if (!action.find()) {
      throw new AssertionError("No form in " + page.text());
    }
    Map<String, String> all = new LinkedHashMap<>(fields);
    while (hidden.find()) {
      all.put(hidden.group(1), hidden.group(2).replace("&amp;", "&"));
    }
    List<String> pairs =
        all.entrySet().stream().map(e -> e.getKey() + "=" + encode(e.getValue())).toList();
    return follow(location.resolve(action.group(1)), "POST", String.join("&", pairs));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private Reply.Response follow(URI first, String firstMethod, String firstBody)
      throws IOException {
    String method = firstMethod;
    String body = firstBody;
    location = first;
    for (int i = 0; i < MAX_REDIRECTS; i++) {
      Reply.Response response = fetch(method, body);
      String target = response.header("Location");
      if (response.status() / 100 != 3 || target.isEmpty()) {
        return response;
      }
      location = location.resolve(target);
      method = "GET";
      body = "";
    }
    throw new AssertionError("Too many redirects, the last to " + location);
  }

  private Reply.Response fetch(String method, String body) throws IOException {
    List<Header> headers = new ArrayList<>();
    headers.add(new Header("Host", location.getAuthority()));
    headers.add(new Header("User-Agent", "browser/1.0"));
    headers.add(new Header("Accept", "text/html,*/*"));
    String host = location.getHost();
    List<String> cookies =
        jar.values().stream()
            .filter(c -> c.goesTo(host))
            .map(c -> c.name() + "=" + c.value())
            .toList();
    if (!cookies.isEmpty()) {
      headers.add(new Header("Cookie", String.join("; ", cookies)));
    }
    if (method.equals("POST")) {
      headers.add(new Header("Content-Type", "application/x-www-form-urlencoded"));
      headers.add(new Header("Content-Length", Integer.toString(body.length())));
    }
    String query = location.getRawQuery();
    String target = location.getRawPath() + (query == null ? "" : "?" + query);
    byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
    Reply.Response response = client.send(new HttpRequest(method, target, headers, bytes, address));
    Headers.all(response.headers(), "Set-Cookie").forEach(line -> keep(line, host));
    return response;
  }

  private void keep(String line, String host) {
    String[] parts = line.split("; ", -1);
    int equals = parts[0].indexOf('=');
    String name = parts[0].substring(0, equals);
    String domain = "";
    boolean expired = false;
    for (String part : parts) {
      domain = part.startsWith("Domain=") ? part.substring("Domain=".length()) : domain;
      expired |= part.equals("Max-Age=0");
    }
    if (!domain.isEmpty() && !host.equals(domain) && !host.endsWith("." + domain)) {
      return;
    }
    Cookie cookie =
        new Cookie(
            name,
            parts[0].substring(equals + 1),
            domain.isEmpty() ? host : domain,
            domain.isEmpty());
    String key = name + " " + cookie.domain();
    jar.remove(key);
    if (!expired) {
      jar.put(key, cookie);
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
