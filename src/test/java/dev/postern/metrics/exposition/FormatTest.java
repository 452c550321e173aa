package dev.postern.metrics.exposition;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The choice of the format by the `Accept` header.
class FormatTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "*/* | TEXT",
        "text/html,application/xhtml+xml,*/*;q=0.8 | TEXT",
        "text/plain | TEXT",
        "application/json | TEXT",
        "application/openmetrics-text | OPEN_METRICS",
        "Application/OpenMetrics-Text; Version=1.0.0 | OPEN_METRICS",
        "application/openmetrics-text; version=0.0.1 | OPEN_METRICS",
        "application/openmetrics-text; version=2.0.0 | TEXT",
        "application/openmetrics-text;q=0 | TEXT",
        "application/openmetrics-text;q=0.5, text/plain;q=0.9 | TEXT",
        "text/plain;version=0.0.4;q=0.5, application/openmetrics-text;version=1.0.0;q=0.5"
            + " | OPEN_METRICS",
        // Prometheus 2.42 and 3.5
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"
            + " | OPEN_METRICS",
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,"
            + "application/openmetrics-text;version=0.0.1;q=0.5,"
            + "text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,"
            + "*/*;q=0.2 | OPEN_METRICS",
        "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.7,text/plain;version=0.0.4;q=0.3"
            + " | TEXT",
        "application/openmetrics-text;q=nonsense | TEXT",
        ";;,,= | TEXT"
      })
  void accepted_header_choosesTheFormat(String accept, Format format) {
    assertThat(Format.accepted(accept)).isEqualTo(format);
  }

  @Test
  void accepted_noHeader_isText() {
    assertThat(Format.accepted(null)).isEqualTo(Format.TEXT);
  }
}
