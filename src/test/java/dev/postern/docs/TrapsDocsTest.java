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

/// Checks that `docs/traps.md` contains every trap and names only existing tests.
class TrapsDocsTest {
  private static final int TRAPS = 49;
  private static final Pattern TEST = Pattern.compile("`(\\w+)#(\\w+)`");
  private static final Pattern ROW =
      Pattern.compile("^\\| (\\d+) \\| ([ABC/]+) \\|.*\\| (.*) \\|$", Pattern.MULTILINE);

  private static String page() throws IOException {
    return Files.readString(Path.of("docs", "traps.md"));
  }

  private static boolean exists(MatchResult test) {
    String declaration = " " + test.group(2) + "(";
    try (Stream<Path> sources = Files.walk(Path.of("src", "test", "java"))) {
      return sources
          .filter(path -> path.endsWith(test.group(1) + ".java"))
          .anyMatch(path -> read(path).contains(declaration));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void tests_thatThePageNames_exist() throws IOException {
    List<String> missing =
        TEST.matcher(page())
            .results()
            .filter(test -> !exists(test))
            .map(MatchResult::group)
            .toList();
    assertThat(missing).isEmpty();
  }

  @Test
  void traps_areAllThereInOrder_andTheWorstHaveATest() throws IOException {
    List<Integer> numbers = new ArrayList<>();
    List<Integer> untested = new ArrayList<>();
    ROW.matcher(page())
        .results()
        .forEach(row -> {
          int number = Integer.parseInt(row.group(1));
          numbers.add(number);
          if (row.group(2).contains("A") && !TEST.matcher(row.group(3)).find()) {
            untested.add(number);
          }
        });
    assertThat(numbers)
        .containsExactlyElementsOf(Stream.iterate(1, n -> n + 1).limit(TRAPS).toList());
    assertThat(untested).isEmpty();
  }
}
