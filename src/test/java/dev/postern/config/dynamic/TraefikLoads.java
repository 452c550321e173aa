package dev.postern.config.dynamic;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postern.testing.Await;
import dev.postern.testing.program.Traefik;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// Lets a real Traefik load rules directories, one after another.
public final class TraefikLoads implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final Path files;
  private final Traefik traefik;
  private int number;

  private TraefikLoads(Path files) {
    this.files = files;
    this.traefik = Traefik.start(files.resolve("traefik"), List.of("web", "other"), "# none\n");
  }

  /// Starts Traefik.
  ///
  /// @param files an empty directory
  public static TraefikLoads start(Path files) throws IOException {
    Files.createDirectories(files.resolve("traefik"));
    return new TraefikLoads(files);
  }

  /// The directory of the last call of [#load].
  Path directory() {
    return files.resolve("traefik/dynamic/case-" + number);
  }

  /// Loads a directory.
  ///
  /// @return the relevant properties of the routers as lines, by name; empty when Traefik rejects
  ///   it
  public Optional<Map<String, List<String>>> load(RulesDirectory directory) throws IOException {
    Path before = directory();
    number++;
    Path prepared = files.resolve("case-" + number);
    directory.write(prepared);
    Files.writeString(
        prepared.resolve("~sentinel.yml"),
        "http: { routers: { sentinel-%d: { rule: \"Path(`/`)\", service: ping@internal } } }\n"
            .formatted(number));
    if (Files.exists(before)) {
      Files.move(before, files.resolve("done-" + number));
    }
    Files.move(prepared, directory());
    Await.until(
        "Traefik has loaded or refused " + directory, LIMIT, () -> isLoaded() || isRefused());
    return isLoaded() ? Optional.of(routers()) : Optional.empty();
  }

  private boolean isLoaded() throws IOException {
    return traefik
        .api("/api/http/routers/sentinel-" + number + "@file")
        .path("status")
        .asString("")
        .equals("enabled");
  }

  private boolean isRefused() {
    return traefik
        .log()
        .lines()
        .anyMatch(line -> line.contains("ERR") && line.contains("/case-" + number + "/"));
  }

  /// Why Traefik rejected the last directory.
  public String reason() {
    return traefik
        .log()
        .lines()
        .filter(line -> line.contains("/case-" + number + "/"))
        .findFirst()
        .orElse("");
  }

  private Map<String, List<String>> routers() throws IOException {
    Map<String, List<String>> routers = new TreeMap<>();
    for (JsonNode router : traefik.api("/api/http/routers?per_page=1000")) {
      String name = text(router.get("name"));
      if (name.endsWith("@file") && !name.matches("(sentinel-\\d+|kit-ready)@file")) {
        routers.put(
            name,
            List.of(
                "rule " + text(router.path("rule")),
                "priority " + router.path("priority").asString("0"),
                "entry points " + texts(router.path("entryPoints")),
                "middlewares " + texts(router.path("middlewares")),
                "tls " + router.has("tls")));
      }
    }
    return routers;
  }

  private static List<String> texts(JsonNode array) {
    List<String> texts = new ArrayList<>();
    array.forEach(element -> texts.add(text(element)));
    return texts;
  }

  /// Converts from the test kit's byte-wise decoding.
  private static String text(JsonNode node) {
    return new String(node.asString("").getBytes(ISO_8859_1), UTF_8);
  }

  @Override
  public void close() {
    traefik.close();
  }
}
