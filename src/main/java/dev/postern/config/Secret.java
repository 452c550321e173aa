package dev.postern.config;

/// A value that is never printed.
///
/// @param value the secret itself
public record Secret(String value) {
  /// Always `***`, so that no log line and no message can carry the value.
  @Override
  public String toString() {
    return "***";
  }
}
