package dev.postern.config.dynamic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.config.Problem;
import dev.postern.config.dynamic.DynamicConfig.RouterEntry;
import dev.postern.config.dynamic.DynamicConfigLoader.Loaded;
import dev.postern.config.dynamic.DynamicConfigLoader.Refused;
import dev.postern.testing.program.NeedsTraefik;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The loader and a real Traefik read the same directories; they must accept and reject the same
/// ones, and find the same routers.
@NeedsTraefik
class RulesDifferentialTest {
  /// Intended differences, with the reason.
  private static final Map<String, String> DIFFERENT =
      Map.of("toml negative zero", "the parser of TOML drops the sign, which no rule has");

  private static final List<String> ENTRY_POINTS = List.of("other", "web");

  @TempDir private Path files;

  @Test
  void load_handMadeDirectories_agreesWithTraefik() throws IOException {
    assertThat(disagreements(RulesDirectory.handMade())).isEmpty();
  }

  @Test
  void load_oddScalars_agreesWithTraefik() throws IOException {
    assertThat(disagreements(OddScalars.directories())).isEmpty();
  }

  private List<String> disagreements(List<RulesDirectory> directories) throws IOException {
    List<String> disagreements = new ArrayList<>();
    int refused = 0;
    try (var traefik = TraefikLoads.start(files)) {
      for (RulesDirectory directory : directories) {
        Optional<Map<String, List<String>>> theirs = traefik.load(directory);
        refused += theirs.isEmpty() ? 1 : 0;
        String difference = difference(traefik, theirs);
        if (!difference.isEmpty() && !DIFFERENT.containsKey(directory.name())) {
          disagreements.add(directory + "\n" + difference);
        }
      }
    }
    assertThat(refused).as("refused by Traefik").isBetween(20, directories.size() - 20);
    return disagreements;
  }

  private static String difference(
      TraefikLoads traefik, Optional<Map<String, List<String>>> theirs) {
    var ours = new DynamicConfigLoader(System.getenv()).load(traefik.directory());
    return switch (ours) {
      case Refused(List<Problem> problems, _) ->
          theirs.isEmpty() ? "" : "loaded by Traefik, but refused here: " + problems;
      case Loaded(DynamicConfig config, _) when theirs.isEmpty() ->
          "refused by Traefik (" + traefik.reason() + "), but loaded here: " + config;
      case Loaded(DynamicConfig config, _) -> {
        Map<String, List<String>> routers = routers(config);
        yield routers.equals(theirs.get()) ? "" : theirs.get() + "\nin Traefik, here\n" + routers;
      }
    };
  }

  private static Map<String, List<String>> routers(DynamicConfig config) {
    Map<String, List<String>> routers = new TreeMap<>();
    for (RouterEntry router : config.routers()) {
      if (router.name().startsWith("sentinel-")) {
        continue;
      }
      routers.put(
          router.name() + "@file",
          List.of(
              "rule " + router.rule(),
              "priority " + priority(router),
              "entry points "
                  + (router.entryPoints().isEmpty() && router.parentRefs().isEmpty()
                      ? ENTRY_POINTS
                      : router.entryPoints()),
              "middlewares "
                  + router.middlewares().stream().map(name -> reference(router, name)).toList(),
              "tls " + router.tls()));
    }
    return routers;
  }

  private static boolean isUsed(RouterEntry router) {
    return router.entryPoints().isEmpty()
        || !Collections.disjoint(router.entryPoints(), ENTRY_POINTS);
  }

  private static String reference(RouterEntry router, String name) {
    String owner = router.name() + "@file";
    return name.contains("@") || !isUsed(router) ? name : name + "@" + owner.split("@", -1)[1];
  }

  /// Traefik does not evaluate a router without a known entry point any further.
  private static long priority(RouterEntry router) {
    return router.priority() == 0 && isUsed(router)
        ? router.rule().getBytes(StandardCharsets.UTF_8).length
        : router.priority();
  }
}
