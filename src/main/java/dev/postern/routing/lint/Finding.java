package dev.postern.routing.lint;

import org.jspecify.annotations.Nullable;

/// One thing that is wrong or doubtful.
///
/// @param severity whether Traefik refuses it
/// @param check which check found it, such as `never-matches`
/// @param origin where it stands, a file with its line where they are known
/// @param subject what it is about, such as `router app@file`
/// @param message what is wrong and the way out
/// @param excerpt the place in a rule, or null when it is not about one place
public record Finding(
    Severity severity,
    String check,
    String origin,
    String subject,
    String message,
    @Nullable Excerpt excerpt) {

  /// How bad it is.
  public enum Severity {
    /// Traefik refuses it.
    ERROR,
    /// Traefik accepts it, but it probably does not do what is meant.
    WARNING
  }

  /// A place in a rule.
  ///
  /// @param rule the whole rule
  /// @param column the number of the character, from 1
  public record Excerpt(String rule, int column) {}

  static Finding warning(String check, String origin, String subject, String message) {
    return new Finding(Severity.WARNING, check, origin, subject, message, null);
  }
}
