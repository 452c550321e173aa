package dev.postern.config.dynamic.schema;

import dev.postern.config.dynamic.schema.ValueType.ScalarKind;
import dev.postern.config.key.Words;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The sections of Traefik's dynamic configuration, read from the table beside this class.
final class Schema {
  /// The sections of Traefik 3.7.
  static final Schema TRAEFIK = read("traefik.txt");

  private final Map<String, Map<String, Field>> sections = new LinkedHashMap<>();

  /// A key of a section.
  ///
  /// @param name its usual spelling
  /// @param type the type of its value
  record Field(String name, ValueType type) {}

  private Schema() {}

  private static Schema read(String resource) {
    var schema = new Schema();
    try (InputStream in = Objects.requireNonNull(Schema.class.getResourceAsStream(resource))) {
      Map<String, Field> section = new LinkedHashMap<>();
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (String line : text.lines().filter(l -> !l.isBlank() && !l.startsWith("#")).toList()) {
        String[] words = line.strip().split(" ", 2);
        if (line.startsWith(" ")) {
          section.put(Words.lower(words[0]), new Field(words[0], type(words[1])));
        } else {
          section = new LinkedHashMap<>();
          schema.sections.put(words[0], section);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return schema;
  }

  private static ValueType type(String word) {
    if (word.startsWith("[")) {
      return new ValueType.ListOf(type(word.substring(1, word.length() - 1)));
    }
    if (word.startsWith("{")) {
      return new ValueType.Named(type(word.substring(1, word.length() - 1)));
    }
    return switch (word) {
      case "text" -> new ValueType.One(ScalarKind.TEXT);
      case "bool" -> new ValueType.One(ScalarKind.BOOL);
      case "int" -> new ValueType.One(ScalarKind.INT);
      case "duration" -> new ValueType.One(ScalarKind.DURATION);
      case "plugins" -> new ValueType.Plugins();
      case "ignored" -> new ValueType.Ignored();
      case String _ ->
          word.endsWith("?")
              ? new ValueType.Keys(word.substring(0, word.length() - 1), true)
              : new ValueType.Keys(word, false);
    };
  }

  /// A section's key in any case, or null when there is none.
  @Nullable Field field(String section, String key) {
    return keys(section).get(Words.lower(key));
  }

  /// A section's known keys in their usual spelling.
  List<String> names(String section) {
    return keys(section).values().stream()
        .filter(field -> !(field.type() instanceof ValueType.Ignored))
        .map(Field::name)
        .toList();
  }

  private Map<String, Field> keys(String section) {
    return Objects.requireNonNull(sections.get(section), section);
  }
}
