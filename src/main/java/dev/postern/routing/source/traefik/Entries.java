package dev.postern.routing.source.traefik;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// Helpers for entries in Traefik's API. A field with an unexpected type counts as absent.
final class Entries {
  private Entries() {}

  static String text(JsonNode entry, String key) {
    return entry.path(key).asString("");
  }

  static List<String> texts(JsonNode entry, String key) {
    List<String> texts = new ArrayList<>();
    for (JsonNode value : entry.path(key)) {
      texts.add(value.asString(""));
    }
    return texts;
  }

  /// Names of other elements; those without `@` belong to the entry's own provider
  /// (docs/design/traefik.md section 5.5).
  static List<String> names(JsonNode entry, List<String> references) {
    String provider = text(entry, "provider");
    return references.stream()
        .map(name -> name.indexOf('@') >= 0 || provider.isEmpty() ? name : name + "@" + provider)
        .toList();
  }
}
