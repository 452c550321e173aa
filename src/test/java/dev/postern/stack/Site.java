package dev.postern.stack;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// An application behind Traefik: tells of every request, and shows each its own head, as text like
/// traefik/whoami or as a page for browsers.
final class Site implements AutoCloseable {
  private static final int SHOWN_OF_SECRETS = 24;

  /// One request: its request line and each header as `Name: value`.
  record Seen(String line, List<String> headers) {
    @Override
    public String toString() {
      return line + "\n" + String.join("\n", headers);
    }
  }

  private final String title;
  private final Consumer<Seen> seen;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  /// @param title the heading of its page
  /// @param tls how it serves TLS, or null for plain HTTP
  /// @param seen is told of each request
  Site(String title, @Nullable SSLContext tls, Consumer<Seen> seen) {
    this.title = title;
    this.seen = seen;
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    try {
      if (tls == null) {
        server = HttpServer.create(any, 0);
      } else {
        HttpsServer secure = HttpsServer.create(any, 0);
        secure.setHttpsConfigurator(new HttpsConfigurator(tls));
        server = secure;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    List<String> headers = new ArrayList<>();
    exchange
        .getRequestHeaders()
        .forEach((name, values) -> values.forEach(value -> headers.add(name + ": " + value)));
    headers.sort(null);
    Seen request =
        new Seen(
            exchange.getRequestMethod() + " " + exchange.getRequestURI(), List.copyOf(headers));
    seen.accept(request);
    String accept = exchange.getRequestHeaders().getFirst("Accept");
    boolean html = accept != null && accept.contains("text/html");
    byte[] body = (html ? page(request) : request.toString()).getBytes(StandardCharsets.UTF_8);
    exchange
        .getResponseHeaders()
        .set("Content-Type", (html ? "text/html" : "text/plain") + "; charset=utf-8");
    exchange.sendResponseHeaders(200, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private String page(Seen request) {
    StringBuilder html = new StringBuilder();
    html.append(
        "<!DOCTYPE html><html lang=\"en\"><meta charset=\"utf-8\"><link rel=\"icon\""
            + " href=\"data:,\">");
    html.append("<title>").append(title).append("</title>");
    html.append("<style>body{font:1rem/1.6 system-ui,sans-serif;max-width:56rem;margin:2rem auto}");
    html.append("b{display:inline-block;min-width:15rem}</style>");
    html.append("<h1>").append(title).append("</h1><p>").append(escape(request.line()));
    for (String header : request.headers()) {
      String name = header.substring(0, header.indexOf(':'));
      String value = header.substring(name.length() + 2);
      html.append("<br><b>").append(escape(name)).append("</b>").append(escape(shown(name, value)));
    }
    return html.append("</html>").toString();
  }

  /// Cookies and tokens are not for screenshots.
  private static String shown(String name, String value) {
    boolean secret = List.of("cookie", "x-authentik-jwt").contains(name.toLowerCase(Locale.ROOT));
    return secret && value.length() > SHOWN_OF_SECRETS
        ? value.substring(0, SHOWN_OF_SECRETS) + "..."
        : value;
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }

  @Override
  public void close() {
    server.stop(0);
    threads.close();
  }
}
