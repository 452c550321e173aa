package dev.postern.routing.source.authentik;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ValidityTest {
  @ParameterizedTest
  @CsvSource({
    "hours=24, PT24H",
    "minutes=5, PT5M",
    "days=1;hours=2;minutes=3;seconds=4, PT26H3M4S",
    "weeks=4, PT672H",
    "Hours=1, PT1H",
    "hours= 1.5 , PT1H30M",
    "milliseconds=1;microseconds=1, PT0.001001S",
    "hours=1;hours=2, PT2H",
    "hours=1;years=2;, PT1H",
    "seconds=0, PT0S",
    "3600, PT1H",
    "86400.5, PT24H0.5S",
    "weeks=99999999999999999999, PT2562047H47M16.854775807S",
  })
  void parse_duration_isThatLong(String text, Duration duration) {
    assertThat(Validity.parse(text)).contains(duration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "soon",
        "hours",
        "hours=",
        "hours=x",
        "years=1",
        "=",
        "hours=-1",
        "-5",
        "1e999999999"
      })
  void parse_anythingElse_isNone(String text) {
    assertThat(Validity.parse(text)).isEmpty();
  }
}
