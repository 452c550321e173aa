package dev.postern.rules;

/// Why a rule is refused.
///
/// @param kind the kind of mistake, as Traefik distinguishes them
/// @param column where it is: the number of the character in the whole rule text, from 1, a code
///   point counting as one
/// @param message one sentence without the rule itself
public record RuleProblem(Kind kind, int column, String message) {

  /// The kinds of mistakes, in the order in which Traefik looks for them (docs/design/traefik.md
  /// section 2.1).
  public enum Kind {
    /// The text is not an expression of calls, `&&`, `||`, `!` and parentheses.
    SYNTAX("syntax"),
    /// A call names no matcher of the syntax in use.
    UNKNOWN_MATCHER("unknown-matcher"),
    /// A matcher has no arguments at all.
    NO_ARGUMENTS("no-arguments"),
    /// One of the arguments is the empty string.
    EMPTY_ARGUMENT("empty-argument"),
    /// The matcher takes another number of arguments.
    ARGUMENT_COUNT("argument-count"),
    /// The matcher does not accept the value of an argument.
    BAD_ARGUMENT("bad-argument"),
    /// Traefik may accept the rule, but it cannot be evaluated here.
    UNSUPPORTED("unsupported");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    /// Returns the kind as the command line prints it, such as `unknown-matcher`
    public String text() {
      return text;
    }
  }
}
