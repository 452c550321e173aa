package dev.postern.config.dynamic.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TomlLinesTest {
  private static final Duration HANG = Duration.ofSeconds(10);
  private static final String TEXT =
      """
      top = 1
        [http.routers.a]
      rule = "x = y"
        "service"   = 's'
      tls . options='o'
      text = ""\"
      hidden = 1
      ""\"
      [[list]]
      last=2
      """;

  @ParameterizedTest
  @CsvSource({
    "top, 1",
    "http, 2",
    "http.routers.a, 2",
    "http.routers.a.rule, 3",
    "http.routers.a.service, 4",
    "http.routers.a.tls.options, 5",
    "http.routers.a.text, 6",
    "http.routers.a.hidden, 2",
    "list.last, 10",
    "nowhere, 0"
  })
  void lineOf_aKey_isWhereItStandsOrWhatIsAboveItStands(String path, int line) {
    assertThat(TomlLines.of(TEXT).lineOf(path)).isEqualTo(line);
  }

  @ParameterizedTest
  @ValueSource(strings = {" ", "\t", "a", "a ", "'", "[", "[ ", "a.", "\"\"\"", "=", " ="})
  void of_longLine_takesLinearTime(String piece) {
    String line = piece.repeat(100_000);
    assertTimeoutPreemptively(
        HANG, () -> assertThat(TomlLines.of(line + "\nlast = 1").lineOf("none")).isZero());
  }

  @Test
  void lineOf_keyOfVeryManyLevels_isUnknown() {
    String deep = "a.".repeat(100_000) + "a";
    assertTimeoutPreemptively(
        HANG, () -> assertThat(TomlLines.of(deep + " = 1").lineOf(deep)).isZero());
  }
}
