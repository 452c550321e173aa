package dev.postern.config.dynamic.tree;

import dev.postern.config.dynamic.tree.Tree.Section;

/// Parses rules files.
public final class TreeReader {
  /// Limits the number of values while reading, to bound memory use.
  static final int MAX_VALUES = 1_000_000;

  private static final String BYTE_ORDER_MARK = "\ufeff";

  /// File formats.
  public enum Format {
    /// YAML 1.2 as Go's yaml.v3 reads it
    YAML,
    /// TOML 1.0
    TOML
  }

  private TreeReader() {}

  static UnreadableTextException tooMuch(int line) {
    return new UnreadableTextException(
        line, "has more than " + MAX_VALUES + " values; split the file");
  }

  /// Parses a text.
  ///
  /// @return the root section, empty for an empty text
  /// @throws UnreadableTextException if the text is not well-formed
  public static Section read(String text, Format format) throws UnreadableTextException {
    String rest = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    return switch (format) {
      case YAML -> YamlTree.read(rest);
      case TOML -> TomlTree.read(rest);
    };
  }
}
