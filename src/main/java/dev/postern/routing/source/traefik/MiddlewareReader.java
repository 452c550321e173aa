package dev.postern.routing.source.traefik;

import dev.postern.config.key.Words;
import dev.postern.routing.definition.MiddlewareDefinition;
import dev.postern.routing.pluginoptions.ForwardOptions;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// Reads middlewares from Traefik's API.
final class MiddlewareReader {
  private MiddlewareReader() {}

  /// Reads a middleware; one without a name is skipped, because no router can refer to it.
  static Optional<MiddlewareDefinition> read(JsonNode entry, List<ForwardOptions> options) {
    String name = Entries.text(entry, "name");
    if (name.isEmpty()) {
      return Optional.empty();
    }
    List<String> members = Entries.texts(entry.path("chain"), "middlewares");
    return Optional.of(
        new MiddlewareDefinition(
            name,
            Words.lower(Entries.text(entry, "type")),
            Entries.names(entry, members),
            options));
  }
}
