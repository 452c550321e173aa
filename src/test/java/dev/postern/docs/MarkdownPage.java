package dev.postern.docs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A page of the documentation as GitHub interprets it: its links, its anchors and its fenced
/// blocks.
///
/// @param prose its text without fenced blocks and code spans, with the same number of lines
/// @param anchors the possible link targets after `#`
/// @param blocks its fenced blocks
public record MarkdownPage(Path path, String prose, Set<String> anchors, List<Block> blocks) {
  private static final Pattern FENCE = Pattern.compile("^( *)(`{3,}|~{3,})\\s*(.*?)\\s*$");
  private static final Pattern HEADING = Pattern.compile("^ {0,3}#{1,6}\\s+(.*?)(?:\\s+#+)?\\s*$");
  private static final Pattern LINK_IN_TEXT = Pattern.compile("!?\\[([^\\]]*)]\\([^)]*\\)");
  private static final Pattern NO_PART_OF_ANCHOR = Pattern.compile("[^\\p{L}\\p{M}\\p{N}\\-_ ]");

  /// A code span, which never crosses an empty line.
  private static final Pattern CODE =
      Pattern.compile("(?s)(?<!`)(`+)(?!`)(?:(?!\\n\\s*\\n).)*?(?<!`)\\1(?!`)");

  private static final List<Pattern> LINKS =
      List.of(
          Pattern.compile("]\\(\\s*([^()\\s]+)(?:\\s+\"[^\"]*\")?\\s*\\)"),
          Pattern.compile("(?m)^ {0,3}\\[[^\\]]+]:\\s+(\\S+)"),
          Pattern.compile("<(https?://[^>\\s]+)>"),
          Pattern.compile("\\b(?:href|src)=\"([^\"]*)\""));

  /// A fenced block.
  ///
  /// @param line number of its first line of content
  /// @param words after the opening fence: the language and further marks
  /// @param text its content
  public record Block(int line, List<String> words, String text) {
    public boolean isA(String word) {
      return words.contains(word);
    }
  }

  /// A link.
  ///
  /// @param line its line number
  /// @param target its target as written
  record Link(int line, String target) {}

  public static MarkdownPage read(Path path) throws IOException {
    return of(path, Files.readString(path));
  }

  static MarkdownPage of(Path path, String text) {
    List<String> kept = new ArrayList<>();
    List<String> headings = new ArrayList<>();
    List<Block> blocks = new ArrayList<>();
    List<String> lines = text.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      Matcher fence = FENCE.matcher(lines.get(i));
      if (fence.matches()) {
        int end = end(lines, i + 1, fence.group(2));
        blocks.add(
            new Block(
                i + 2,
                List.of(fence.group(3).split("\\s+", -1)),
                String.join("\n", lines.subList(i + 1, end)).stripIndent() + "\n"));
        for (; i < end && i < lines.size() - 1; i++) {
          kept.add("");
        }
        kept.add("");
      } else {
        kept.add(lines.get(i));
        HEADING.matcher(lines.get(i)).results().map(one -> one.group(1)).forEach(headings::add);
      }
    }
    String prose = CODE.matcher(String.join("\n", kept)).replaceAll(MarkdownPage::blank);
    return new MarkdownPage(path, prose, anchors(headings), List.copyOf(blocks));
  }

  private static int end(List<String> lines, int from, String fence) {
    int end = from;
    while (end < lines.size()
        && !(lines.get(end).strip().startsWith(fence)
            && lines.get(end).strip().replace(fence.substring(0, 1), "").isEmpty())) {
      end++;
    }
    return end;
  }

  private static String blank(MatchResult code) {
    return code.group().replaceAll("[^\\n]", " ");
  }

  private static Set<String> anchors(List<String> headings) {
    Map<String, Integer> seen = new HashMap<>();
    Set<String> anchors = new HashSet<>();
    for (String heading : headings) {
      String text = LINK_IN_TEXT.matcher(heading).replaceAll("$1");
      String slug =
          NO_PART_OF_ANCHOR.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("").replace(' ', '-');
      int count = seen.merge(slug, 1, Integer::sum) - 1;
      anchors.add(count == 0 ? slug : slug + "-" + count);
    }
    return Set.copyOf(anchors);
  }

  List<Link> links() {
    return LINKS.stream()
        .flatMap(pattern -> pattern.matcher(prose).results())
        .map(found -> new Link(line(found.start(1)), found.group(1)))
        .toList();
  }

  private int line(int offset) {
    return 1 + (int) prose.substring(0, offset).chars().filter(c -> c == '\n').count();
  }

  /// All pages below a directory, except build output and downloads.
  static List<MarkdownPage> below(Path directory) throws IOException {
    List<MarkdownPage> pages = new ArrayList<>();
    try (Stream<Path> entries = Files.list(directory)) {
      for (Path entry : entries.sorted().toList()) {
        String name = entry.getFileName().toString();
        if (Files.isDirectory(entry)) {
          if (!name.startsWith(".") && !name.equals("target") && !name.equals("node_modules")) {
            pages.addAll(below(entry));
          }
        } else if (name.endsWith(".md")) {
          pages.add(read(entry));
        }
      }
    }
    return pages;
  }
}
