package dev.postern.routing.traefik;

import dev.postern.config.Problem;
import dev.postern.config.key.Words;
import dev.postern.routing.definition.ApplicationDefinition;
import dev.postern.routing.definition.ApplicationSettings;
import dev.postern.routing.definition.ApplicationSettings.Trust;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The applications in the `plugin: postern:` blocks of Traefik's middlewares, which may stand in
/// labels of containers and so can only narrow (traefik-contract 9).
final class PluginBlocks {
  private final Duration longest;
  private final OwnFiles files;
  private final List<Problem> leftOut;
  private final Map<String, ApplicationDefinition> byName = new LinkedHashMap<>();

  PluginBlocks(Duration longest, OwnFiles files, List<Problem> leftOut) {
    this.longest = longest;
    this.files = files;
    this.leftOut = leftOut;
  }

  List<ApplicationDefinition> applications() {
    return List.copyOf(byName.values());
  }

  void read(JsonNode middleware) {
    child(middleware.path("plugin"), "postern")
        .flatMap(block -> child(block, "applications"))
        .ifPresent(applications -> read(middleware, applications));
  }

  private void read(JsonNode middleware, JsonNode applications) {
    String origin = "Traefik's middleware " + Entries.text(middleware, "name");
    if (!applications.isObject()) {
      leftOut.add(new Problem(origin + ": applications", "must be a section with names"));
      return;
    }
    ApplicationSettings.Result result =
        ApplicationSettings.read(map(applications), Trust.NARROWING, longest, origin);
    result.definitions().forEach(this::add);
    if (files == OwnFiles.NOT_READ || !Entries.text(middleware, "provider").equals("file")) {
      leftOut.addAll(result.problems());
    }
  }

  private void add(ApplicationDefinition definition) {
    ApplicationDefinition first = byName.putIfAbsent(definition.name(), definition);
    if (first != null) {
      leftOut.add(
          new Problem(
              definition.origin() + ": applications." + definition.name(),
              "stands at "
                  + first.origin()
                  + " too, and the first by name counts; give one of the two another name"));
    }
  }

  /// Keys of labels may have any case.
  private static Optional<JsonNode> child(JsonNode section, String name) {
    return section.properties().stream()
        .filter(property -> Words.lower(property.getKey()).equals(name))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  private static Map<String, @Nullable Object> map(JsonNode section) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    section
        .properties()
        .forEach(property -> map.put(property.getKey(), plain(property.getValue())));
    return map;
  }

  private static @Nullable Object plain(JsonNode value) {
    if (value.isObject()) {
      return map(value);
    }
    if (value.isArray()) {
      List<@Nullable Object> list = new ArrayList<>();
      value.forEach(element -> list.add(plain(element)));
      return list;
    }
    return value.isNull() ? null : value.asString();
  }
}
