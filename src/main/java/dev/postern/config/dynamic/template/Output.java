package dev.postern.config.dynamic.template;

import java.util.ArrayList;
import java.util.List;

/// The result so far, with the line of the source that each of its lines comes from.
final class Output {
  private final StringBuilder text = new StringBuilder();
  private final List<Integer> sourceLines = new ArrayList<>(List.of(1));
  private int sourceLine = 1;
  private boolean isAtLineStart = true;

  /// What follows comes from that line of the source.
  void moveTo(int line) {
    sourceLine = line;
    if (isAtLineStart) {
      sourceLines.set(sourceLines.size() - 1, line);
    }
  }

  /// Copies text of the source, whose lines are lines of the result too.
  void copy(String source, int from, int to) {
    for (int i = from; i < to; i++) {
      if (source.charAt(i) == '\n') {
        sourceLine++;
      }
      add(source.charAt(i));
    }
  }

  /// Adds what an action gives; all of it comes from the line of the action.
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
