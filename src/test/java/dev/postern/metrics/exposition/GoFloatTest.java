package dev.postern.metrics.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Numbers as Go prints them; the texts come from Go's `strconv.FormatFloat(v, 'g', -1, 64)`.
class GoFloatTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "-0.0, -0",
    "1, 1",
    "-3, -3",
    "5.0, 5",
    "0.1, 0.1",
    "1.2, 1.2",
    "0.3, 0.3",
    "0.0001, 0.0001",
    "0.00005, 5e-05",
    "0.00001234, 1.234e-05",
    "123456, 123456",
    "999999, 999999",
    "1000000, 1e+06",
    "1234567, 1.234567e+06",
    "123456.75, 123456.75",
    "1234567.5, 1.2345675e+06",
    "1.7976931348623157E308, 1.7976931348623157e+308",
    "1795526400, 1.7955264e+09",
    "NaN, NaN",
    "Infinity, +Inf",
    "-Infinity, -Inf"
  })
  void text_value_isWhatGoPrints(double value, String text) {
    assertThat(GoFloat.text(value)).isEqualTo(text);
  }
}
