package dev.postern.config.load;

import dev.postern.config.key.Key;
import dev.postern.config.key.KeyTable;
import dev.postern.config.key.Kind;
import dev.postern.config.key.Unreadable;
import dev.postern.config.key.Words;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamFactory;
import tools.jackson.dataformat.toml.TomlFactory;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/// Reads a YAML or TOML file. Works on the token stream instead of a tree, because tokens keep the
/// original text of numbers and, in YAML, the line.
final class FileLayer {
  private final String file;
  private final KeyTable table;
  private final Settings settings;
  private final Set<String> seen = new HashSet<>();

  private FileLayer(String file, KeyTable table, Settings settings) {
    this.file = file;
    this.table = table;
    this.settings = settings;
  }

  /// Reads the file into the settings.
  static void read(Path file, KeyTable table, Settings settings) {
    TokenStreamFactory factory = factoryFor(file);
    String shown = Words.printable(file.toString());
    if (factory == null) {
      settings.incomplete(shown, "must be a .yml, .yaml or .toml file");
      return;
    }
    try (JsonParser parser =
        factory.createParser(ObjectReadContext.empty(), Files.readString(file))) {
      new FileLayer(shown, table, settings).document(parser);
    } catch (IOException e) {
      settings.incomplete(shown, "cannot be read: " + Unreadable.why(e));
    } catch (JacksonException e) {
      settings.incomplete(shown + place(e), reason(e));
    }
  }

  private static @Nullable TokenStreamFactory factoryFor(Path file) {
    String name = Words.lower(file.toString());
    if (name.endsWith(".toml")) {
      return new TomlFactory();
    }
    return name.endsWith(".yml") || name.endsWith(".yaml") ? new YAMLFactory() : null;
  }

  private void document(JsonParser parser) {
    JsonToken first = parser.nextToken();
    if (first == JsonToken.START_OBJECT) {
      section("", parser);
    } else if (first != null && first != JsonToken.VALUE_NULL) {
      settings.incomplete(file, "must contain keys and values");
      return;
    }
    if (parser.nextToken() != null) {
      settings.problem(
          where("", parser), "must contain one YAML document, but a second one begins here");
    }
  }

  private void section(String prefix, JsonParser parser) {
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = prefix + parser.currentName();
      String where = where(name, parser);
      boolean isRepeated = !seen.add(Words.lower(name));
      JsonToken token = parser.nextToken();
      Key<?> key = table.key(name);
      if (isRepeated) {
        settings.problem(where, "is set twice in this file; keep one of the two");
        parser.skipChildren();
      } else if (token == JsonToken.START_OBJECT) {
        nested(name, key, where, parser);
      } else if (key != null) {
        value(key, where, token, parser);
      } else if (table.section(name) == null) {
        settings.problem(where, table.unknown(Words.printable(name)));
        parser.skipChildren();
      } else if (!isNull(token, parser)) {
        settings.problem(where, table.notASection(name));
        parser.skipChildren();
      }
    }
  }

  private void nested(String name, @Nullable Key<?> key, String where, JsonParser parser) {
    if (key != null && key.kind().shape() == Kind.Shape.SWITCH) {
      settings.put(key, new Setting(where, "true", false));
    }
    if (table.section(name) != null) {
      section(name + ".", parser);
      return;
    }
    settings.problem(
        where,
        key != null
            ? "must be " + key.kind().noun() + ", not a section"
            : table.unknown(Words.printable(name)));
    parser.skipChildren();
  }

  private void value(Key<?> key, String where, @Nullable JsonToken token, JsonParser parser) {
    if (token == JsonToken.START_ARRAY) {
      String elements = elements(key, where, parser);
      settings.put(key, new Setting(where, elements, true));
    } else if (!isNull(token, parser)) {
      settings.put(key, new Setting(where, text(where, parser), false));
    } else if (key.kind().shape() == Kind.Shape.SWITCH) {
      settings.put(key, new Setting(where, "true", false));
    }
  }

  private String elements(Key<?> key, String where, JsonParser parser) {
    var elements = new StringJoiner(",");
    for (JsonToken t = parser.nextToken(); t != JsonToken.END_ARRAY; t = parser.nextToken()) {
      if (t == JsonToken.START_ARRAY || t == JsonToken.START_OBJECT) {
        settings.problem(where, "must be " + key.kind().noun() + ", not something nested");
        parser.skipChildren();
      } else if (!isNull(t, parser)) {
        elements.add(text(where, parser));
      }
    }
    return elements.toString();
  }

  private String text(String where, JsonParser parser) {
    if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
      settings.problem(where, "is a YAML alias, which is not supported here; write the value");
      return "";
    }
    return parser.getString().strip();
  }

  private static boolean isNull(@Nullable JsonToken token, JsonParser parser) {
    return token == JsonToken.VALUE_NULL
        || (token == JsonToken.VALUE_STRING && parser.getString().equals("~"));
  }

  private String where(String name, JsonParser parser) {
    int line = parser.currentTokenLocation().getLineNr();
    String place = line > 0 ? file + ":" + line : file;
    return name.isEmpty() ? place : place + ": " + Words.printable(name);
  }

  private static String place(JacksonException e) {
    if (e.getCause() instanceof MarkedYamlEngineException yaml
        && yaml.getProblemMark().isPresent()) {
      Mark mark = yaml.getProblemMark().get();
      return ":" + (mark.getLine() + 1) + ":" + (mark.getColumn() + 1);
    }
    int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
    return line > 0 ? ":" + line + ":" + e.getLocation().getColumnNr() : "";
  }

  /// The parser's message without its excerpt of the file, which may contain a secret.
  private static String reason(JacksonException e) {
    String said =
        e.getCause() instanceof MarkedYamlEngineException yaml
            ? yaml.getProblem().replaceFirst("(?<=tag handle).*", "")
            : e.getOriginalMessage();
    return "is not well-formed: " + Words.printable(said.lines().findFirst().orElse("")) + ".";
  }
}
