package dev.postern.config.dynamic.tree;

import dev.postern.config.dynamic.tree.Tree.Section;

/// Reads texts of rules files.
public final class TreeReader {
  private static final String BYTE_ORDER_MARK = "\ufeff";

  /// The formats of rules files.
  public enum Format {
    /// YAML 1.2 as Go's yaml.v3 reads it
    YAML,
    /// TOML 1.0
    TOML
  }

  private TreeReader() {}

  /// Reads a text.
  ///
  /// @param text the text
  /// @param format its format
  /// @return its root section, empty for an empty text
  /// @throws UnreadableTextException if it is not of that format
  public static Section read(String text, Format format) throws UnreadableTextException {
    String rest = text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
    return switch (format) {
      case YAML -> YamlTree.read(rest);
      case TOML -> TomlTree.read(rest);
    };
  }
}
