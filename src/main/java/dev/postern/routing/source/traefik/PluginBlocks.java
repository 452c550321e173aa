package dev.postern.routing.source.traefik;

import dev.postern.config.Problem;
import dev.postern.config.key.Words;
import dev.postern.routing.definition.ApplicationDefinition;
import dev.postern.routing.definition.ApplicationSettings;
import dev.postern.routing.definition.ApplicationSettings.Trust;
import dev.postern.routing.pluginoptions.ForwardOptions;
import dev.postern.routing.pluginoptions.ForwardOptionsReader;
import dev.postern.routing.pluginoptions.ForwardOptionsReader.Known;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The applications and options in the `plugin` blocks of Traefik's middlewares. They may come from
/// container labels and can therefore only restrict (docs/design/traefik.md section 9).
final class PluginBlocks {
  private static final String APPLICATIONS = "applications";

  private final Known known;
  private final OwnFiles files;
  private final List<Problem> leftOut;
  private final List<ApplicationDefinition> definitions = new ArrayList<>();
  private final Map<String, ApplicationDefinition> firstOfName = new HashMap<>();

  PluginBlocks(Known known, OwnFiles files, List<Problem> leftOut) {
    this.known = known;
    this.files = files;
    this.leftOut = leftOut;
  }

  /// All applications, including those with the same name: each may restrict a file's application
  /// of that name.
  List<ApplicationDefinition> applications() {
    return List.copyOf(definitions);
  }

  /// Reads the blocks of a middleware.
  ///
  /// @return its options; empty if Postern reads the file itself
  List<ForwardOptions> read(JsonNode middleware) {
    boolean isReadElsewhere =
        files == OwnFiles.READ && Entries.text(middleware, "provider").equals("file");
    List<Problem> problems = isReadElsewhere ? new ArrayList<>() : leftOut;
    String origin = "Traefik's middleware " + Entries.text(middleware, "name");
    for (JsonNode block : children(middleware.path("plugin"), "postern")) {
      refuseUnknown(block, origin, problems);
      for (JsonNode applications : children(block, APPLICATIONS)) {
        for (ApplicationDefinition definition : read(applications, origin, problems)) {
          definitions.add(definition);
          if (!isReadElsewhere) {
            warnRepeated(definition);
          }
        }
      }
    }
    return isReadElsewhere ? List.of() : options(middleware.path("plugin"), origin);
  }

  private List<ForwardOptions> options(JsonNode plugin, String origin) {
    List<ForwardOptions> options = new ArrayList<>();
    String place = origin + ": plugin.";
    for (JsonNode block : children(plugin, ForwardOptionsReader.PLUGIN)) {
      Object plain = plain(block);
      options.add(
          usable(
              ForwardOptionsReader.readPlugin(
                  plain == null ? "" : plain, known, place + ForwardOptionsReader.PLUGIN)));
    }
    for (JsonNode block : children(plugin, "postern")) {
      ForwardOptionsReader.readOwn(map(block), known, place + "postern")
          .ifPresent(result -> options.add(usable(result)));
    }
    return options;
  }

  /// A single unusable option is skipped, so that the valid restrictions in the block still apply.
  private ForwardOptions usable(ForwardOptionsReader.Result result) {
    leftOut.addAll(result.problems());
    leftOut.addAll(result.warnings());
    return result.options();
  }

  private static void refuseUnknown(JsonNode block, String origin, List<Problem> problems) {
    if (!block.isObject()) {
      problems.add(
          new Problem(origin + ": plugin.postern", "must be a section with " + APPLICATIONS));
    }
    for (String key : block.propertyNames()) {
      if (!Words.lower(key).equals(APPLICATIONS) && !ForwardOptionsReader.isOption(key)) {
        problems.add(
            new Problem(
                origin + ": " + key,
                "is not a known setting; known: "
                    + APPLICATIONS
                    + ", "
                    + ForwardOptionsReader.NAMES));
      }
    }
  }

  private List<ApplicationDefinition> read(
      JsonNode applications, String origin, List<Problem> problems) {
    if (!applications.isObject()) {
      problems.add(
          new Problem(origin + ": applications", "must be a section with application names"));
      return List.of();
    }
    ApplicationSettings.Result result =
        ApplicationSettings.read(map(applications), Trust.NARROWING, known.ttl(), origin);
    problems.addAll(result.problems());
    return result.definitions();
  }

  private void warnRepeated(ApplicationDefinition definition) {
    ApplicationDefinition first = firstOfName.putIfAbsent(definition.name(), definition);
    if (first != null) {
      leftOut.add(
          new Problem(
              definition.origin() + ": applications." + definition.name(),
              "is also defined at "
                  + first.origin()
                  + "; an application of a file is restricted by both, otherwise each is"
                  + " separate; rename one of the two"));
    }
  }

  /// Keys in labels may have any case.
  private static List<JsonNode> children(JsonNode section, String name) {
    return section.properties().stream()
        .filter(property -> Words.lower(property.getKey()).equals(name))
        .map(Map.Entry::getValue)
        .toList();
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
