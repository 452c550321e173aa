package dev.postern.demo.idp;

import dev.postern.demo.golang.GoQuery;
import dev.postern.demo.http.Header;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One recorded exchange with a real outpost; texts are byte strings.
record Exchange(
    String name,
    String version,
    String store,
    String method,
    String path,
    String host,
    List<String> request,
    int status,
    List<Header> headers,
    int bodyLength) {

  static List<Exchange> recorded(String version, String store) {
    try (InputStream file =
        Objects.requireNonNull(
            Exchange.class.getResourceAsStream("/vectors/authentik-exchanges.json"))) {
      List<Exchange> exchanges = new ArrayList<>();
      for (JsonNode node : new JsonMapper().readTree(file).path("exchanges")) {
        Exchange exchange = of(node);
        if (exchange.version().equals(version) && exchange.store().equals(store)) {
          exchanges.add(exchange);
        }
      }
      return exchanges;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Exchange of(JsonNode node) {
    List<String> request = new ArrayList<>();
    node.path("request").forEach(line -> request.add(text(line)));
    List<Header> headers = new ArrayList<>();
    node.path("headers")
        .forEach(pair -> headers.add(new Header(text(pair.path(0)), text(pair.path(1)))));
    return new Exchange(
        node.path("name").asString(),
        node.path("version").asString(),
        node.path("store").asString(),
        node.path("method").asString(),
        text(node.path("path")),
        node.path("host").asString(),
        request,
        node.path("status").asInt(),
        headers,
        node.path("bodyLength").asInt());
  }

  private static String text(JsonNode node) {
    return GoQuery.bytes(node.asString());
  }
}
