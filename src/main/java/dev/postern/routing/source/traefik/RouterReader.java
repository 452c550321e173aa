package dev.postern.routing.source.traefik;

import dev.postern.config.Problem;
import dev.postern.config.key.Words;
import dev.postern.routing.definition.RouterDefinition;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Reads routers from Traefik's API.
final class RouterReader {
  private final String origin;
  private final List<Problem> leftOut;

  RouterReader(String origin, List<Problem> leftOut) {
    this.origin = origin;
    this.leftOut = leftOut;
  }

  Optional<RouterDefinition> read(JsonNode entry) {
    String name = Entries.text(entry, "name");
    String rule = Entries.text(entry, "rule");
    if (name.isEmpty()) {
      return leaveOut("a router", "has no name; is this Traefik's API?");
    }
    if (isChild(entry)) {
      leaveOut(
          "router " + name,
          "has a parent router (parentRefs), which Postern does not support; its requests count for"
              + " the parent");
    }
    List<String> using = Entries.texts(entry, "using");
    return Optional.of(
        new RouterDefinition(
            name,
            rule,
            Entries.text(entry, "ruleSyntax"),
            priority(entry),
            using.isEmpty() ? Entries.texts(entry, "entryPoints") : using,
            Entries.names(entry, Entries.texts(entry, "middlewares")),
            Entries.text(entry, "service"),
            entry.path("tls").isObject(),
            refusal(entry),
            origin));
  }

  private Optional<RouterDefinition> leaveOut(String path, String why) {
    leftOut.add(new Problem(origin + ": " + path, why));
    return Optional.empty();
  }

  /// The effective priority; read as text because some JSON parsers do not keep 64 bits.
  private static long priority(JsonNode entry) {
    String text = Entries.text(entry, "priorityStr");
    try {
      return Long.parseLong(text.isEmpty() ? Entries.text(entry, "priority") : text);
    } catch (NumberFormatException none) {
      return 0;
    }
  }

  private static boolean isChild(JsonNode entry) {
    return !entry.path("parentRefs").isEmpty();
  }

  /// A router with a warning is served. A router with a parent is known only as a user of its
  /// middlewares.
  private static String refusal(JsonNode entry) {
    if (isChild(entry)) {
      return "it has a parent router (parentRefs), and Postern uses only the parent";
    }
    if (!Entries.text(entry, "status").equals("disabled")) {
      return "";
    }
    List<String> errors = Entries.texts(entry, "error");
    return Words.printable(
        errors.isEmpty() ? "Traefik has disabled it" : String.join("; ", errors));
  }
}
