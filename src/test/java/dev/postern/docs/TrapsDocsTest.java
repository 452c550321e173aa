package dev.postern.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// That `docs/traps.md` names tests that are there, and every trap.
class TrapsDocsTest {
  private static final int TRAPS = 49;
  private static final Pattern TEST = Pattern.compile("`((?:\\w+\\.)*\\w+)#(\\w+)`");
  private static final Pattern ROW =
      Pattern.compile("^\\| (\\d+) \\| ([ABC/]+) \\|.*\\| (.*) \\|$", Pattern.MULTILINE);

  private static String page() throws IOException {
    return Files.readString(Path.of("docs", "traps.md"));
  }

  private static boolean exists(MatchResult test) {
    try {
      Class<?> found =
          Class.forName(
              "dev.postern." + test.group(1), false, TrapsDocsTest.class.getClassLoader());
      return Stream.of(found.getDeclaredMethods())
          .map(Method::getName)
          .anyMatch(test.group(2)::equals);
    } catch (ClassNotFoundException absent) {
      return false;
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
