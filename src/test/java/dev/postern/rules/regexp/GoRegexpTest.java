package dev.postern.rules.regexp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.rules.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class GoRegexpTest {

  static Stream<JsonNode> accepted() {
    return Vectors.cases("go-regexp", "accepted");
  }

  static Stream<String> refused() {
    return Vectors.texts(Vectors.read("go-regexp").path("refused")).stream();
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void find_patternOfGo_matchesWhatGoMatches(JsonNode vector) throws GoRegexpException {
    GoRegexp regexp = GoRegexp.compile(vector.path("pattern").asString());
    assertThat(Vectors.texts(vector.path("matches"))).allMatch(regexp::find);
    assertThat(Vectors.texts(vector.path("others"))).noneMatch(regexp::find);
  }

  @ParameterizedTest
  @MethodSource("refused")
  void compile_patternGoRefuses_isRefused(String pattern) {
    assertThatThrownBy(() -> GoRegexp.compile(pattern))
        .isInstanceOfSatisfying(
            GoRegexpException.class, e -> assertThat(e.isUnsupported()).isFalse());
  }

  @Test
  void type_everyCodePoint_isGosCategory() {
    String types =
        IntStream.rangeClosed(0, Character.MAX_CODE_POINT)
            .mapToObj(GoUnicode::type)
            .collect(Collectors.joining("\n"));
    assertThat(crc(types)).isEqualTo(TYPES_OF_GO);
  }

  @Test
  void folds_everyCodePoint_areGos() {
    StringBuilder all = new StringBuilder();
    for (int c = 0; c <= Character.MAX_CODE_POINT; c++) {
      StringBuilder orbit = new StringBuilder();
      new CharRanges()
          .add(c, c)
          .folded()
          .forEach(m -> orbit.append(Integer.toHexString(m)).append(' '));
      if (orbit.toString().trim().indexOf(' ') >= 0) {
        all.append(all.isEmpty() ? "" : "\n").append(orbit.toString().trim());
      }
    }
    assertThat(crc(all.toString())).isEqualTo(FOLDS_OF_GO);
  }

  private static final long TYPES_OF_GO = 2148369503L;
  private static final long FOLDS_OF_GO = 758784801L;

  private static long crc(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return crc.getValue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "(a*)*b",
        "(a|aa)+$",
        "(a+a+)+b",
        "^(a?){500}a{500}b",
        "(.*)(.*)(.*)(.*)x",
        "(a|a)*b",
        "a*a*a*a*a*c",
        "((a{0,9}){0,9}){0,9}b",
        "(?i)(a|A)*[^Aa]",
      })
  void find_patternThatKillsBacktrackers_readsEachCharacterAFewTimes(String pattern)
      throws GoRegexpException {
    GoRegexp regexp = GoRegexp.compile(pattern);
    long small = reads(regexp, 2_000);
    long large = reads(regexp, 8_000);
    assertThat(large).isLessThanOrEqualTo(4 * small + 100).isLessThanOrEqualTo(8 * 8_000);
  }

  private static long reads(GoRegexp regexp, int length) {
    CountingText text = new CountingText("a".repeat(length));
    regexp.findIn(text);
    return text.reads;
  }

  private static final class CountingText implements CharSequence {
    private final String text;
    private long reads;

    CountingText(String text) {
      this.text = text;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      reads++;
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.subSequence(start, end);
    }

    @Override
    public String toString() {
      reads += text.length();
      return text;
    }
  }

  @Test
  void compile_nesting_endsWhereGosDoes() throws GoRegexpException {
    assertThat(GoRegexp.compile("(".repeat(999) + "a" + ")".repeat(999)).find("a")).isTrue();
    assertThatThrownBy(() -> GoRegexp.compile("(".repeat(1000) + "a" + ")".repeat(1000)))
        .isInstanceOfSatisfying(
            GoRegexpException.class, e -> assertThat(e.isUnsupported()).isFalse());
    assertThat(GoRegexp.compile("(?:".repeat(50_000) + "a" + ")".repeat(50_000)).find("a"))
        .isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a?", "(|b)", "x|", "(?i)k|", "()", "\\b"})
  void find_anyNumberOfIdleSteps_neverOverflowsASmallStack(String part) throws Exception {
    for (int copies : new int[] {10, 600, 1100, 2400, 5_000, 100_000}) {
      runOnSmallStack(() -> {
        try {
          GoRegexp.compile(part.repeat(copies)).find("zzzb");
        } catch (GoRegexpException e) {
          assertThat(e.isUnsupported() || copies > 1000).isTrue();
        }
      });
    }
  }

  private static void runOnSmallStack(Runnable task) throws InterruptedException {
    Throwable[] thrown = new Throwable[1];
    Thread thread = new Thread(null, task, "small stack", 400 << 10);
    thread.setUncaughtExceptionHandler((_, e) -> thrown[0] = e);
    thread.start();
    thread.join();
    assertThat(thrown[0]).isNull();
  }
}
