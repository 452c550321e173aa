package dev.postern.rules.parse;

/// One token of Go's grammar.
///
/// @param text the operator, the identifier, the number as written, or the value of a string
///   literal as a byte string
/// @param column where it begins
record Token(Kind kind, String text, int column) {

  enum Kind {
    IDENTIFIER,
    KEYWORD,
    STRING,
    CHARACTER,
    INTEGER,
    FLOAT,
    IMAGINARY,
    OPERATOR,
    NEWLINE,
    END
  }

  boolean is(String operator) {
    return kind == Kind.OPERATOR && text.equals(operator);
  }

  /// The precedence of a binary operator, from 1 (`||`) to 5; 0 for anything else.
  int precedence() {
    if (kind != Kind.OPERATOR) {
      return 0;
    }
    return switch (text) {
      case "||" -> 1;
      case "&&" -> 2;
      case "==", "!=", "<", "<=", ">", ">=" -> 3;
      case "+", "-", "|", "^" -> 4;
      case "*", "/", "%", "<<", ">>", "&", "&^" -> 5;
      default -> 0;
    };
  }

  boolean isPrefix() {
    if (kind != Kind.OPERATOR) {
      return false;
    }
    return switch (text) {
      case "!", "+", "-", "^", "&", "~", "<-", "*" -> true;
      default -> false;
    };
  }

  /// The token in messages.
  String described() {
    return switch (kind) {
      case STRING -> "a string";
      case NEWLINE -> "the end of the line";
      case END -> "the end of the rule";
      case IDENTIFIER, KEYWORD, CHARACTER, INTEGER, FLOAT, IMAGINARY, OPERATOR -> "'" + text + "'";
    };
  }
}
