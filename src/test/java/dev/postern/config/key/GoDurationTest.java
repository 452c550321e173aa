package dev.postern.config.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GoDurationTest {

  @ParameterizedTest
  @CsvSource({
    "0, PT0S",
    "30, PT30S",
    "-5, PT-5S",
    "30s, PT30S",
    "1m30s, PT1M30S",
    "1.5h, PT1H30M",
    "500ms, PT0.5S",
    ".5s, PT0.5S",
    "1.s, PT1S",
    "+2s, PT2S",
    "-1m1s, PT-1M-1S",
    "100us, PT0.0001S",
    "100µs, PT0.0001S",
    "1ns, PT0.000000001S",
    "0.1ns, PT0S",
    "2h45m10.25s, PT2H45M10.25S",
  })
  void parse_textThatTraefikAccepts_isTheSameTime(String text, String iso) throws Exception {
    assertThat(GoDuration.parse(text)).isEqualTo(Duration.parse(iso));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s", "1d", "1 s", "1s ", "1S", "1,5s", "1.5", ".s", "1s2", "--1s", "5m-1s", "1e3s"
      })
  void parse_otherText_saysWhatToWrite(String text) {
    assertThatThrownBy(() -> GoDuration.parse(text))
        .isInstanceOf(BadValueException.class)
        .hasMessage(
            "\"%s\" is not a duration; write 30s, 1m30s, 500ms or a bare number of seconds", text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"2562048h", "9223372037", "-99999999999999s"})
  void parse_moreThanGoHolds_isRefused(String text) {
    assertThatThrownBy(() -> GoDuration.parse(text))
        .hasMessageEndingWith("is longer than 292 years");
  }

  @Property
  void text_anyDuration_isReadBackExactly(@ForAll long nanos) throws Exception {
    Duration duration = Duration.ofNanos(nanos == Long.MIN_VALUE ? 0 : nanos);
    assertThat(GoDuration.parse(GoDuration.text(duration))).isEqualTo(duration);
  }

  @Property
  void parse_wholeSeconds_areTheSameWithAndWithoutUnit(
      @ForAll @LongRange(min = 0, max = 9_000_000_000L) long seconds) throws Exception {
    assertThat(GoDuration.parse(seconds + "")).isEqualTo(GoDuration.parse(seconds + "s"));
  }

  @Property
  void parse_anyText_isADurationOrABadValue(@ForAll @NotEmpty String text) {
    try {
      assertThat(GoDuration.parse(text)).isNotNull();
    } catch (BadValueException e) {
      assertThat(e.sentence()).isNotEmpty().doesNotContain("\n");
    }
  }
}
