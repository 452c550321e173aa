package dev.postern.config;

/// A value that is never printed.
public record Secret(String value) {
  /// Always `***`, so that no log line or message can contain the value.
  @Override
  public String toString() {
    return "***";
  }
}
