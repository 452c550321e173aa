package dev.postern.routing.lint;

import org.jspecify.annotations.Nullable;

/// A mistake, or a likely one.
///
/// @param severity whether Traefik rejects it
/// @param check the check that found it, such as `never-matches`
/// @param origin where it is, as file and line if known
/// @param subject what it concerns, such as `router app@file`
/// @param message what is wrong and the fix
/// @param excerpt the position in a rule, or null when there is none
public record Finding(
    Severity severity,
    String check,
    String origin,
    String subject,
    String message,
    @Nullable Excerpt excerpt) {

  /// How bad it is.
  public enum Severity {
    /// Traefik rejects it.
    ERROR,
    /// Traefik accepts it, but it is probably not what is intended.
    WARNING
  }

  /// A position in a rule.
  ///
  /// @param column number of the character, from 1
  public record Excerpt(String rule, int column) {}

  static Finding warning(String check, String origin, String subject, String message) {
    return new Finding(Severity.WARNING, check, origin, subject, message, null);
  }
}
