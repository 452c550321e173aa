package dev.postern.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// The services of the compose files that run without a profile.
final class ComposeFiles {
  /// One service.
  ///
  /// @param labels for Traefik's docker provider
  /// @param networks the Docker names of its networks
  record Service(String name, Map<String, String> labels, List<String> networks) {}

  private ComposeFiles() {}

  /// Reads `compose.yaml` and what it includes.
  ///
  /// @param domain the value of `${DOMAIN}`
  static List<Service> services(String domain) {
    Map<String, Object> main = read("compose.yaml", domain);
    Map<String, Object> networks = map(main.get("networks"));
    List<Service> services = new ArrayList<>();
    for (Object file : (List<?>) Objects.requireNonNull(main.get("include"))) {
      map(read(file.toString(), domain).get("services"))
          .forEach((name, value) -> {
            Map<String, Object> service = map(value);
            if (!service.containsKey("profiles")) {
              services.add(service(name, service, networks));
            }
          });
    }
    return services;
  }

  private static Service service(
      String name, Map<String, Object> service, Map<String, Object> networks) {
    Map<String, String> labels =
        map(service.get("labels")).entrySet().stream()
            .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().toString()));
    Object own = service.get("networks");
    Stream<?> names = own instanceof List<?> list ? list.stream() : map(own).keySet().stream();
    List<String> known =
        names
            .map(network -> map(networks.get(network)).getOrDefault("name", "postern_" + network))
            .map(Object::toString)
            .toList();
    return new Service(name, labels, known);
  }

  private static Map<String, Object> read(String file, String domain) {
    try {
      String text = Files.readString(Shipped.COMPOSE.resolve(Path.of(file)));
      return map(
          new Load(LoadSettings.builder().build())
              .loadFromString(text.replace("${DOMAIN}", domain)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A mapping merged with that of its `<<` key, or an empty one.
  private static Map<String, Object> map(@Nullable Object value) {
    Map<String, Object> merged = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> map) {
      merged.putAll(map.containsKey("<<") ? map(map.get("<<")) : Map.of());
      map.forEach((key, one) -> {
        if (one != null && !key.equals("<<")) {
          merged.put(key.toString(), one);
        }
      });
    }
    return merged;
  }
}
