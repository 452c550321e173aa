package dev.postern.config.dynamic.tree;

import java.util.Optional;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/// Replaces tabs between a key's colon and its value by spaces, because Go's parser accepts them
/// and ours does not. Only where the parser fails: it alone knows which tabs are part of a text.
final class YamlTabs {
  private static final int MOST = 1_000;
  private static final int MOST_CHARACTERS = 64 << 20;

  private String text;
  private int replaced;

  YamlTabs(String text) {
    this.text = text;
  }

  String text() {
    return text;
  }

  /// Replaces the tab at which the parser failed.
  ///
  /// @return whether there was a tab that Go's parser accepts
  boolean replaceTab(MarkedYamlEngineException e) {
    Optional<Mark> mark = e.getProblemMark();
    if (mark.isEmpty() || ++replaced > MOST || (long) replaced * text.length() > MOST_CHARACTERS) {
      return false;
    }
    int at = text.offsetByCodePoints(lineStart(mark.get().getLine()), mark.get().getColumn());
    if (at >= text.length() || text.charAt(at) != '\t') {
      return false;
    }
    int before = at - 1;
    while (before >= 0 && (text.charAt(before) == ' ' || text.charAt(before) == '\t')) {
      before--;
    }
    if (before < 0 || text.charAt(before) != ':') {
      return false;
    }
    text = text.substring(0, at) + " " + text.substring(at + 1);
    return true;
  }

  private int lineStart(int line) {
    int start = 0;
    for (int i = 0; i < line; i++) {
      int end = text.indexOf('\n', start);
      start = end < 0 ? text.length() : end + 1;
    }
    return start;
  }
}
