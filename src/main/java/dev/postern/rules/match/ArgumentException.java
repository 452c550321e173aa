package dev.postern.rules.match;

import dev.postern.rules.RuleProblem.Kind;

/// The arguments of a matcher are not valid.
final class ArgumentException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Kind kind;
  private final String message;

  ArgumentException(Kind kind, String message) {
    super(message, null, false, false);
    this.kind = kind;
    this.message = message;
  }

  static ArgumentException bad(String message) {
    return new ArgumentException(Kind.BAD_ARGUMENT, message);
  }

  static ArgumentException count(String message) {
    return new ArgumentException(Kind.ARGUMENT_COUNT, message);
  }

  String message() {
    return message;
  }

  Kind kind() {
    return kind;
  }
}
