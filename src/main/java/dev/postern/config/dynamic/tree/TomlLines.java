package dev.postern.config.dynamic.tree;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds the lines of keys in a TOML text, for messages, because the parser does not report them.
/// Keys inside an inline table get that table's line, and keys in an unusual spelling get none.
final class TomlLines {
  private static final Pattern HEADER = Pattern.compile("\\s*\\[\\[?([^\\[\\]]+)]]?\\s*(#.*)?");
  private static final Pattern KEY = Pattern.compile("[\\w.\"' -]++");

  /// Deeper keys are rejected, because each level costs as much as the whole key.
  private static final int MAX_LEVELS = 100;

  private final Map<String, Integer> lines = new HashMap<>();

  private TomlLines() {}

  static TomlLines of(String text) {
    var found = new TomlLines();
    String section = "";
    String open = "";
    int number = 0;
    for (String line : text.lines().toList()) {
      number++;
      if (open.isEmpty()) {
        section = found.line(line, section, number);
      }
      open = openAfter(line, open);
    }
    return found;
  }

  private String line(String line, String section, int number) {
    Matcher header = HEADER.matcher(line);
    if (header.matches()) {
      String path = path(header.group(1));
      put(path, number);
      return path;
    }
    String key = line.substring(0, Math.max(line.indexOf('='), 0)).strip();
    if (KEY.matcher(key).matches()) {
      String path = path(key);
      put(section.isEmpty() ? path : section + "." + path, number);
    }
    return section;
  }

  private void put(String path, int number) {
    if (isDeep(path)) {
      return;
    }
    for (String at = path; !at.isEmpty(); at = parent(at)) {
      lines.putIfAbsent(at, number);
    }
  }

  private static boolean isDeep(String path) {
    return path.chars().filter(c -> c == '.').count() > MAX_LEVELS;
  }

  private static String path(String written) {
    return written.replaceAll("[\"']|\\s", "");
  }

  private static String parent(String path) {
    int dot = path.lastIndexOf('.');
    return dot < 0 ? "" : path.substring(0, dot);
  }

  /// The multi-line quotes that are still open after a line.
  private static String openAfter(String line, String before) {
    String open = before;
    for (String quotes : List.of("\"\"\"", "'''")) {
      if (open.isEmpty() || open.equals(quotes)) {
        int count = line.split(Pattern.quote(quotes), -1).length - 1;
        open = (count % 2 == 1) == open.isEmpty() ? quotes : "";
      }
    }
    return open;
  }

  /// The line of a key, or of its nearest known parent; 0 when unknown.
  int lineOf(String path) {
    if (isDeep(path)) {
      return 0;
    }
    for (String at = path; !at.isEmpty(); at = parent(at)) {
      Integer line = lines.get(at);
      if (line != null) {
        return line;
      }
    }
    return 0;
  }
}
