package dev.postern.config.dynamic.tree;

import dev.postern.config.dynamic.tree.Tree.Entry;
import dev.postern.config.dynamic.tree.Tree.Items;
import dev.postern.config.dynamic.tree.Tree.Scalar;
import dev.postern.config.dynamic.tree.Tree.ScalarType;
import dev.postern.config.dynamic.tree.Tree.Section;
import dev.postern.config.dynamic.tree.Tree.Unusable;
import dev.postern.config.key.Words;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.dataformat.toml.TomlMapper;
import tools.jackson.dataformat.toml.TomlReadFeature;

/// Converts a TOML text to a tree.
final class TomlTree {
  private static final int MAX_DEPTH = 100;
  private static final String STARTS = "=,[{";
  private static final TomlMapper MAPPER =
      TomlMapper.builder().enable(TomlReadFeature.PARSE_JAVA_TIME).build();

  private final JsonParser parser;
  private final TomlLines lines;
  private int depth;

  private TomlTree(JsonParser parser, TomlLines lines) {
    this.parser = parser;
    this.lines = lines;
  }

  /// The root section of a TOML text.
  static Section read(String text) throws UnreadableTextException {
    refuseTooMuch(text);
    try (JsonParser parser = MAPPER.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return new Section(List.of());
      }
      return new TomlTree(parser, TomlLines.of(text)).section("");
    } catch (JacksonException e) {
      int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
      String said = e.getOriginalMessage().lines().findFirst().orElse("");
      throw new UnreadableTextException(
          Math.max(line, 0), "is not well-formed TOML: " + Words.printable(said));
    }
  }

  /// The parser builds the whole result before it returns anything. So values are counted
  /// beforehand, by the characters that start or separate them.
  private static void refuseTooMuch(String text) throws UnreadableTextException {
    int values = 0;
    for (int i = 0; i < text.length(); i++) {
      values += STARTS.indexOf(text.charAt(i)) < 0 ? 0 : 1;
    }
    if (values > TreeReader.MAX_VALUES) {
      throw TreeReader.tooMuch(0);
    }
  }

  private Section section(String path) throws UnreadableTextException {
    if (++depth > MAX_DEPTH) {
      throw new UnreadableTextException(0, "is nested more than " + MAX_DEPTH + " levels deep");
    }
    List<Entry> entries = new ArrayList<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = parser.currentName();
      String below = path.isEmpty() ? key : path + "." + key;
      entries.add(new Entry(key, lines.lineOf(below), value(parser.nextToken(), below)));
    }
    depth--;
    return new Section(entries);
  }

  private Tree value(JsonToken token, String path) throws UnreadableTextException {
    return switch (token) {
      case START_OBJECT -> section(path);
      case START_ARRAY -> items(path);
      case VALUE_TRUE, VALUE_FALSE -> new Scalar(parser.getString(), ScalarType.BOOL);
      case VALUE_NUMBER_INT -> whole(path);
      case VALUE_NUMBER_FLOAT ->
          new Scalar(YamlScalars.floatText(parser.getDoubleValue()), ScalarType.FLOAT);
      case VALUE_STRING -> new Scalar(parser.getString(), ScalarType.TEXT);
      case VALUE_EMBEDDED_OBJECT, VALUE_NULL, NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME ->
          new Unusable("is a date, which Traefik does not accept; write it in quotes");
    };
  }

  private Tree whole(String path) throws UnreadableTextException {
    if (parser.getBigIntegerValue().bitLength() > 63) {
      throw new UnreadableTextException(
          lines.lineOf(path), Words.quote(parser.getString()) + " is not a number of 64 bits");
    }
    return new Scalar(parser.getBigIntegerValue().toString(), ScalarType.INT64);
  }

  private Tree items(String path) throws UnreadableTextException {
    List<Tree> items = new ArrayList<>();
    for (JsonToken token = parser.nextToken();
        token != JsonToken.END_ARRAY;
        token = parser.nextToken()) {
      Tree item = value(token, path);
      items.add(item instanceof Items ? new Unusable("has a list inside its list") : item);
    }
    return new Items(items);
  }
}
