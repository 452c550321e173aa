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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// An application behind Traefik. It records every request, and responds with the request's head,
/// as text like traefik/whoami or as a page for browsers.
final class Site implements AutoCloseable {
  private static final int SHOWN_OF_TOKENS = 24;

  /// A request: the request line and each header as `Name: value`.
  record ReceivedRequest(String line, List<String> headers) {
    @Override
    public String toString() {
      return line + "\n" + String.join("\n", headers);
    }
  }

  private final String title;
  private final Consumer<ReceivedRequest> seen;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer server;

  /// @param title the heading of its page
  /// @param tls how it serves TLS, or null for plain HTTP
  /// @param seen receives each request
  Site(String title, @Nullable SSLContext tls, Consumer<ReceivedRequest> seen) {
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
    ReceivedRequest request =
        new ReceivedRequest(
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

  /// Method, target and identity headers; other headers depend on browser and proxy.
  private String page(ReceivedRequest request) {
    StringBuilder rows = new StringBuilder();
    for (String header : request.headers()) {
      String name = header.substring(0, header.indexOf(':'));
      if (name.equals("Host") || name.startsWith("X-authentik-")) {
        String value = shown(name, header.substring(name.length() + 2));
        rows.append("<tr><th>%s<td>%s\n".formatted(escape(name), escape(value)));
      }
    }
    return """
    <!DOCTYPE html>
    <html lang="en">
    <meta charset="utf-8">
    <link rel="icon" href="data:,">
    <title>%1$s</title>
    <style>
    body { font: 1rem/1.6 system-ui, sans-serif; width: 44rem; margin: 2.5rem auto; color: #1c1a17 }
    table { border-collapse: collapse; width: 100%% }
    th, td { text-align: left; padding: .1rem .5rem; border-bottom: 1px solid #ddd; font-weight: 400 }
    th { color: #7a3b00; white-space: nowrap }
    </style>
    <h1>%1$s</h1>
    <p>%2$s
    <table>
    %3$s</table>
    </html>
    """
        .formatted(title, escape(request.line()), rows);
  }

  /// Hides tokens, which must not appear in screenshots.
  private static String shown(String name, String value) {
    boolean secret = name.equalsIgnoreCase("X-authentik-jwt");
    return secret && value.length() > SHOWN_OF_TOKENS
        ? value.substring(0, SHOWN_OF_TOKENS) + "..."
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
