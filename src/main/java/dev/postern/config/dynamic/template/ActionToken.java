package dev.postern.config.dynamic.template;

/// A piece of an action.
///
/// @param kind what it is
/// @param text its text; for a literal the value
record ActionToken(Kind kind, String text) {
  /// What a piece can be.
  enum Kind {
    /// white space
    SPACE,
    /// a word such as a function or a keyword
    WORD,
    /// a text in double or back quotes
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
