package dev.postern.server.admin;

import dev.postern.verdict.RevocationSource;
import dev.postern.verdict.Revocations;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/// The root handler of the `admin` entry point.
public final class AdminHandler implements HttpHandler {
  /// The data and operations that the API offers.
  ///
  /// @param ready whether Postern can serve requests, for `/ping`
  /// @param views the values of the API's pages, by path (`/api/overview`): maps, lists and values
  ///   that are written as JSON
  /// @param sharedAt names of the applications whose shared verdicts may serve a host
  public record Views(
      BooleanSupplier ready,
      Map<String, Supplier<?>> views,
      Revocations revocations,
      Function<String, Set<String>> sharedAt) {
    /// Copies the map.
    public Views {
      views = Map.copyOf(views);
    }
  }

  private static final int MAX_BODY_BYTES = 16 * 1024;

  private final Views parts;
  private final AdminAccess access;
  private final ObjectMapper json =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /// @param access who may use the API
  public AdminHandler(Views parts, AdminAccess access) {
    this.parts = parts;
    this.access = access;
  }

  @Override
  public void handleRequest(HttpServerExchange exchange) {
    String path = exchange.getRequestPath();
    switch (path) {
      case "/ping" -> onlyGet(exchange, this::ping);
      case "/api/revocations" -> api(exchange, () -> onlyPost(exchange));
      case String _ -> view(exchange, parts.views().get(path));
    }
  }

  private void view(HttpServerExchange exchange, @Nullable Supplier<?> view) {
    if (view == null) {
      AdminResponses.refuse(exchange, 404, "Not found.");
    } else {
      api(exchange, () -> onlyGet(exchange, shown -> json(shown, 200, view.get())));
    }
  }

  private static void onlyGet(
      HttpServerExchange exchange, java.util.function.Consumer<HttpServerExchange> answer) {
    if (exchange.getRequestMethod().equals(Methods.GET)
        || exchange.getRequestMethod().equals(Methods.HEAD)) {
      // Views scan the cache and print, so do not run them on an I/O thread.
      exchange.dispatch(() -> answer.accept(exchange));
    } else {
      notAllowed(exchange, "GET, HEAD");
    }
  }

  private static void notAllowed(HttpServerExchange exchange, String allowed) {
    exchange.getResponseHeaders().put(Headers.ALLOW, allowed);
    AdminResponses.refuse(exchange, 405, "Method not allowed.");
  }

  private void ping(HttpServerExchange exchange) {
    if (parts.ready().getAsBoolean()) {
      AdminResponses.send(exchange, 200, "text/plain; charset=utf-8", "OK");
    } else {
      AdminResponses.send(exchange, 503, "text/plain; charset=utf-8", "Stopping");
    }
  }

  private void api(HttpServerExchange exchange, Runnable allowed) {
    Optional<AdminAccess.Refusal> refusal = access.refusal(exchange.getRequestHeaders());
    if (refusal.isPresent()) {
      AdminAccess.Refusal reason = refusal.get();
      if (reason.status() == 401) {
        exchange.getResponseHeaders().put(Headers.WWW_AUTHENTICATE, "Bearer");
      }
      json(exchange, reason.status(), Map.of("message", reason.message()));
    } else {
      allowed.run();
    }
  }

  private void onlyPost(HttpServerExchange exchange) {
    if (!exchange.getRequestMethod().equals(Methods.POST)) {
      notAllowed(exchange, "POST");
      return;
    }
    if (!isJson(exchange.getRequestHeaders())) {
      json(exchange, 415, Map.of("message", "Content-Type must be application/json."));
      return;
    }
    // Undertow limits only bodies with a declared length, so refuse others.
    if (exchange.getRequestContentLength() < 0) {
      json(exchange, 411, Map.of("message", "Content-Length is required."));
      return;
    }
    exchange.setMaxEntitySize(MAX_BODY_BYTES);
    exchange
        .getRequestReceiver()
        .receiveFullBytes(
            (whole, body) -> whole.dispatch(() -> revoke(whole, body)),
            (broken, failure) ->
                json(broken, 413, Map.of("message", "The body is too large or incomplete.")));
  }

  private static boolean isJson(HeaderMap headers) {
    String type = headers.getFirst(Headers.CONTENT_TYPE);
    return type != null
        && headers.count(Headers.CONTENT_TYPE) == 1
        && type.split(";", 2)[0].strip().equalsIgnoreCase("application/json");
  }

  private void revoke(HttpServerExchange exchange, byte[] body) {
    try {
      RevocationRequest request = RevocationRequest.read(json.readTree(body));
      json(
          exchange,
          200,
          Map.of(
              "removed",
              request.apply(parts.revocations(), parts.sharedAt(), RevocationSource.ADMIN)));
    } catch (JacksonException notJson) {
      json(exchange, 400, Map.of("message", "The body is not JSON."));
    } catch (IllegalArgumentException notARevocation) {
      json(exchange, 400, Map.of("message", String.valueOf(notARevocation.getMessage())));
    }
  }

  private void json(HttpServerExchange exchange, int status, Object value) {
    JsonNode tree = json.valueToTree(value);
    AdminResponses.send(exchange, status, "application/json", json.writeValueAsString(tree) + "\n");
  }
}
