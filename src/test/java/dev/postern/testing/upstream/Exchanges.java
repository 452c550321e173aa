package dev.postern.testing.upstream;

import dev.postern.testing.Field;
import dev.postern.testing.RawHttp;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// The recorded exchanges of `vectors/authentik-exchanges.json`.
public final class Exchanges {
  private static final String FILE = "/vectors/authentik-exchanges.json";

  private Exchanges() {}

  /// {@return all exchanges in their order, with concrete values for the placeholders}
  public static List<Exchange> all() {
    JsonNode file = vector(FILE);
    Placeholders placeholders = new Placeholders();
    file.get("exchanges").forEach(e -> placeholders.learnSubject(fields(e.get("headers"))));
    List<Exchange> all = new ArrayList<>();
    for (JsonNode e : file.get("exchanges")) {
      all.add(exchange(all.size(), e, placeholders));
    }
    return all;
  }

  /// Reads a file of test vectors.
  ///
  /// @param path its place on the class path
  /// @return its content
  public static JsonNode vector(String path) {
    try (InputStream in = Objects.requireNonNull(Exchanges.class.getResourceAsStream(path), path)) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Exchange exchange(int index, JsonNode e, Placeholders placeholders) {
    List<String> request =
        stream(e.get("request")).map(line -> placeholders.fill(line.asString())).toList();
    List<Field> headers = fields(e.get("headers")).stream().map(placeholders::fill).toList();
    return new Exchange(
        index,
        e.get("name").asString()
            + " ("
            + e.get("version").asString()
            + ", "
            + text(e, "store")
            + ")",
        text(e, "version"),
        text(e, "method"),
        text(e, "path"),
        text(e, "host"),
        request,
        e.get("status").asInt(),
        headers,
        e.get("bodyLength").asInt());
  }

  private static List<Field> fields(JsonNode pairs) {
    return stream(pairs)
        .map(pair -> new Field(pair.get(0).asString(), pair.get(1).asString()))
        .toList();
  }

  private static String text(JsonNode node, String key) {
    return RawHttp.utf8(node.get(key).asString());
  }

  private static Stream<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false);
  }
}
