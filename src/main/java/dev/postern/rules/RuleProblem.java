package dev.postern.rules;

/// Why a rule is rejected.
///
/// @param kind the kind of mistake, as Traefik distinguishes them
/// @param column position in the whole rule text: number of the character, from 1, counted in code
///   points
/// @param message one sentence, without the rule itself
public record RuleProblem(Kind kind, int column, String message) {

  /// The kinds of mistakes, in the order in which Traefik checks for them (docs/design/traefik.md
  /// section 2.1).
  public enum Kind {
    /// The text is not an expression of calls, `&&`, `||`, `!` and parentheses.
    SYNTAX("syntax"),
    /// The name of a call is not a matcher in the selected syntax.
    UNKNOWN_MATCHER("unknown-matcher"),
    /// A matcher has no arguments.
    NO_ARGUMENTS("no-arguments"),
    /// One of the arguments is the empty string.
    EMPTY_ARGUMENT("empty-argument"),
    /// The matcher takes another number of arguments.
    ARGUMENT_COUNT("argument-count"),
    /// The matcher does not accept the value of an argument.
    BAD_ARGUMENT("bad-argument"),
    /// Traefik may accept the rule, but Postern cannot evaluate it.
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
