package dev.postern.config.dynamic.template;

import java.util.ArrayList;
import java.util.List;

/// The output so far, and for each of its lines the line number in the source.
final class Output {
  private final StringBuilder text = new StringBuilder();
  private final List<Integer> sourceLines = new ArrayList<>(List.of(1));
  private int sourceLine = 1;
  private boolean isAtLineStart = true;

  /// Sets the source line of the following output.
  void moveTo(int line) {
    sourceLine = line;
    if (isAtLineStart) {
      sourceLines.set(sourceLines.size() - 1, line);
    }
  }

  /// Copies text from the source and keeps counting lines.
  void copy(String source, int from, int to) {
    for (int i = from; i < to; i++) {
      if (source.charAt(i) == '\n') {
        sourceLine++;
      }
      add(source.charAt(i));
    }
  }

  /// Appends an action's result; all of its lines map to the action's line.
  void append(String value) {
    value.chars().forEach(c -> add((char) c));
  }

  private void add(char c) {
    text.append(c);
    isAtLineStart = c == '\n';
    if (isAtLineStart) {
      sourceLines.add(sourceLine);
    }
  }

  int length() {
    return text.length();
  }

  Rendered rendered() {
    return new Rendered(text.toString(), sourceLines);
  }
}
