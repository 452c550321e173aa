package dev.postern.config.dynamic.template;

import java.util.List;

/// A rendered template.
///
/// @param text the result
/// @param sourceLines for each line of the result the line of the source where it begins
public record Rendered(String text, List<Integer> sourceLines) {
  /// Copies the list.
  public Rendered {
    sourceLines = List.copyOf(sourceLines);
  }

  /// The line of the source that a line of the result comes from.
  ///
  /// @param line line of the result, counted from 1
  /// @return line of the source, counted from 1
  public int sourceLine(int line) {
    return sourceLines.get(Math.clamp(line, 1, sourceLines.size()) - 1);
  }
}
