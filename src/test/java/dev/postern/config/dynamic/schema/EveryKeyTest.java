package dev.postern.config.dynamic.schema;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.config.dynamic.RulesDirectory;
import dev.postern.config.dynamic.TraefikLoads;
import dev.postern.config.dynamic.schema.Schema.Field;
import dev.postern.config.dynamic.tree.TreeReader;
import dev.postern.config.dynamic.tree.TreeReader.Format;
import dev.postern.testing.program.NeedsTraefik;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A document with every key of the table, each with a value of its type.
class EveryKeyTest {
  @TempDir private Path files;

  @Test
  @NeedsTraefik
  void document_withEveryKey_isTakenByTraefikAndHere() throws Exception {
    String document = section("Configuration");
    assertThat(document).hasSizeGreaterThan(5_000);
    assertThat(Checker.check(TreeReader.read(document, Format.YAML))).isEmpty();
    try (var traefik = TraefikLoads.start(files)) {
      assertThat(traefik.load(RulesDirectory.ofFile("every key", "a.yml", document)))
          .as(traefik.reason())
          .isPresent();
    }
  }

  private static String section(String name) {
    return Schema.TRAEFIK.names(name).stream()
        .map(key -> Objects.requireNonNull(Schema.TRAEFIK.field(name, key)))
        .map(EveryKeyTest::entry)
        .collect(Collectors.joining(", ", "{ ", " }"));
  }

  private static String entry(Field field) {
    return field.name() + ": " + value(field.type());
  }

  private static String value(ValueType type) {
    return switch (type) {
      case ValueType.One(var kind) ->
          switch (kind) {
            case TEXT -> "text";
            case BOOL -> "true";
            case INT -> "1";
            case DURATION -> "1s";
          };
      case ValueType.ListOf(var element) -> "[" + value(element) + "]";
      case ValueType.Named(var element) -> "{ name: " + value(element) + " }";
      case ValueType.Keys(var name, _) -> section(name);
      case ValueType.Plugins _ -> "{ name: { key: text } }";
      case ValueType.Ignored _ -> "ignored";
    };
  }
}
