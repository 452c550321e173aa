package dev.postern.cli;

import dev.postern.config.Problem;
import dev.postern.config.ProvidersConfig.DefaultRuleSyntax;
import dev.postern.config.dynamic.DynamicConfig.RouterEntry;
import dev.postern.config.dynamic.DynamicConfigLoader;
import dev.postern.config.dynamic.DynamicConfigLoader.Loaded;
import dev.postern.config.dynamic.DynamicConfigLoader.Refused;
import dev.postern.routing.definition.Snapshot;
import dev.postern.routing.pluginoptions.ForwardOptionsReader.Known;
import dev.postern.routing.source.file.FileSnapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Reads rules for the commands that only inspect them.
final class RulesFiles {
  /// A top-level key that only dynamic files have: `http:` in YAML, `[http.routers]` in TOML.
  private static final Pattern DYNAMIC =
      Pattern.compile("(?mi)^(\\{\\s*)?(\\[\\s*)?[\"']?(http|tcp|udp|tls)[\"']?\\s*(:|=|\\.|\\])");

  private RulesFiles() {}

  /// The result of reading rules.
  ///
  /// @param snapshot what the files describe; empty when they cannot be used
  /// @param children names of routers with `parentRefs`, which are not checked
  /// @param problems each makes the whole load fail
  /// @param byTraefikToo whether Traefik refuses the files as well
  /// @param warnings about settings without effect
  record Read(
      Snapshot snapshot,
      Set<String> children,
      List<Problem> problems,
      boolean byTraefikToo,
      List<Problem> warnings) {}

  /// Reads a directory or file as the file provider does.
  ///
  /// @param environment variables for templates
  /// @param syntax of rules that do not name one
  /// @param known values of the static configuration
  static Read read(
      Path path, Map<String, String> environment, DefaultRuleSyntax syntax, Known known) {
    return switch (new DynamicConfigLoader(environment).load(path)) {
      case Refused(var problems, var byTraefikToo) ->
          new Read(Snapshot.EMPTY, Set.of(), problems, byTraefikToo, List.of());
      case Loaded(var config, var warnings) -> {
        var made = FileSnapshot.of(config, syntax, known);
        Set<String> children =
            config.routers().stream()
                .filter(router -> !router.parentRefs().isEmpty())
                .map(RouterEntry::name)
                .map(name -> name + "@file")
                .collect(Collectors.toSet());
        List<Problem> all = Stream.concat(warnings.stream(), made.warnings().stream()).toList();
        yield new Read(made.snapshot(), children, made.problems(), false, all);
      }
    };
  }

  /// Distinguishes rules from a static configuration: a directory contains rules, and so does a
  /// file with one of Traefik's dynamic sections at its top level.
  static boolean isRules(Path path) {
    if (Files.isDirectory(path)) {
      return true;
    }
    try {
      byte[] bytes = Files.isRegularFile(path) ? Files.readAllBytes(path) : new byte[0];
      return DYNAMIC.matcher(new String(bytes, StandardCharsets.UTF_8)).find();
    } catch (IOException _) {
      return false;
    }
  }
}
