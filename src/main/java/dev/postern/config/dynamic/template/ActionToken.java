package dev.postern.config.dynamic.template;

/// A token of an action.
///
/// @param text its text; for a literal its value
record ActionToken(Kind kind, String text) {
  /// Kinds of tokens.
  enum Kind {
    /// white space
    SPACE,
    /// a word such as a function or a keyword
    WORD,
    /// a string in double or back quotes
    TEXT,
    /// a whole number
    NUMBER,
    /// `|`
    PIPE,
    /// `(`
    LEFT,
    /// `)`
    RIGHT,
    /// `}}`
    END
  }
}
