package dev.postern.config.dynamic.template;

import java.util.List;

/// A rendered template.
///
/// @param sourceLines for each output line the source line where it begins
public record Rendered(String text, List<Integer> sourceLines) {
  public Rendered {
    sourceLines = List.copyOf(sourceLines);
  }

  /// The source line of an output line; both are counted from 1.
  public int sourceLine(int line) {
    return sourceLines.get(Math.clamp(line, 1, sourceLines.size()) - 1);
  }
}
