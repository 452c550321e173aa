package dev.postern.metrics.exposition;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The two output formats of metrics.
public enum Format {
  /// Prometheus's text format
  TEXT("text/plain; version=0.0.4; charset=utf-8"),
  /// OpenMetrics 1.0
  OPEN_METRICS("application/openmetrics-text; version=1.0.0; charset=utf-8");

  private final String contentType;

  Format(String contentType) {
    this.contentType = contentType;
  }

  public String contentType() {
    return contentType;
  }

  /// The format that the `Accept` header prefers: OpenMetrics only if it is named, and the text
  /// format does not have a higher quality (RFC 9110 section 12.5.1).
  ///
  /// @param accept all values of `Accept`, joined with commas, or null
  /// @return an accepted format; the text format if none is accepted
  public static Format accepted(@Nullable String accept) {
    if (accept == null) {
      return TEXT;
    }
    double open = 0;
    double text = 0;
    for (String range : accept.toLowerCase(Locale.ROOT).split(",", -1)) {
      String[] parts = range.split(";", -1);
      String type = parts[0].strip();
      String version = parameter(parts, "version");
      double quality = quality(parameter(parts, "q"));
      if (type.equals("application/openmetrics-text")
          && (version.isEmpty() || version.equals("1.0.0") || version.equals("0.0.1"))) {
        open = Math.max(open, quality);
      } else if (type.equals("text/plain") && (version.isEmpty() || version.equals("0.0.4"))) {
        text = Math.max(text, quality);
      }
    }
    return open > 0 && open >= text ? OPEN_METRICS : TEXT;
  }

  private static String parameter(String[] parts, String name) {
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      if (equals > 0 && parts[i].substring(0, equals).strip().equals(name)) {
        return parts[i].substring(equals + 1).strip().replace("\"", "");
      }
    }
    return "";
  }

  private static double quality(String text) {
    if (text.isEmpty()) {
      return 1;
    }
    return text.matches("[01](\\.\\d{0,3})?") ? Double.parseDouble(text) : 0;
  }
}
