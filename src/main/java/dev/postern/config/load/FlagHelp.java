package dev.postern.config.load;

import dev.postern.config.key.Key;
import dev.postern.config.key.KeyTable;
import java.util.ArrayList;
import java.util.List;

/// Prints the table of keys as help text for a terminal.
final class FlagHelp {
  private static final int WIDTH = 96;
  private static final String INDENT = "        ";
  private static final char NO_BREAK = '\u00a0';

  private FlagHelp() {}

  static List<String> lines(KeyTable table) {
    var lines = new ArrayList<String>();
    lines.add("  --configFile=<path>");
    wrap("File to read first. Default: postern.yml, .yaml or .toml in /etc/postern.", lines);
    for (Key<?> key : table.keys()) {
      String value = key.kind().isImplied() ? "" : "=" + placeholder(key);
      lines.add("  " + key.flag() + value);
      wrap(
          key.help() + (key.standard().isEmpty() ? "" : " Default:" + NO_BREAK + key.standard()),
          lines);
    }
    return lines;
  }

  /// The noun of the kind without its article.
  private static String placeholder(Key<?> key) {
    String noun = key.kind().noun();
    return "<" + noun.replaceFirst("^(an?|the|one of) ", "").replace(", ", "|") + ">";
  }

  private static void wrap(String text, List<String> lines) {
    var line = new StringBuilder(INDENT);
    for (String word : text.split(" ", -1)) {
      if (line.length() + word.length() > WIDTH) {
        lines.add(finished(line));
        line = new StringBuilder(INDENT);
      }
      line.append(word).append(' ');
    }
    lines.add(finished(line));
  }

  private static String finished(StringBuilder line) {
    return line.toString().replace(NO_BREAK, ' ').stripTrailing();
  }
}
