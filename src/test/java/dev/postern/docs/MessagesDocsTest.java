package dev.postern.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Checks that the messages in `docs/messages.md` exist in the sources.
class MessagesDocsTest {
  private static final Pattern ROW = Pattern.compile("^\\| `([^`]+)` \\|", Pattern.MULTILINE);

  /// Matches the joints of long texts that are split over source lines.
  private static final Pattern JOINT = Pattern.compile("\"\\s*\\+\\s*\"");

  private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\\n]|\\\\.)*)\"");

  private static List<String> literals(Path file) {
    try {
      String source = JOINT.matcher(Files.readString(file)).replaceAll("");
      return LITERAL.matcher(source).results().map(found -> found.group(1)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> rows() throws IOException {
    return ROW.matcher(Files.readString(Path.of("docs", "messages.md")))
        .results()
        .map((MatchResult row) -> row.group(1))
        .toList();
  }

  @Test
  void messages_ofThePage_areInTheSources() throws IOException {
    List<String> said = new ArrayList<>();
    try (Stream<Path> files = Files.walk(Path.of("src", "main", "java"))) {
      files
          .filter(file -> file.toString().endsWith(".java"))
          .forEach(file -> said.addAll(literals(file)));
    }
    List<String> missing =
        rows().stream()
            .flatMap(row -> Stream.of(row.split("…", -1)))
            .map(String::strip)
            .filter(part -> part.length() > 1)
            .filter(part -> said.stream().noneMatch(text -> text.contains(part)))
            .toList();
    assertThat(rows()).hasSizeGreaterThan(30);
    assertThat(missing).isEmpty();
  }
}
