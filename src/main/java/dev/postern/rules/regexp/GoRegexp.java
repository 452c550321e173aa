package dev.postern.rules.regexp;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.postern.rules.request.ByteStrings;

/// A regular expression with the syntax, the Unicode tables and the limits of Go's `regexp`
/// package. It runs on RE2/J, so matching takes time proportional to the length of the text. What
/// Go accepts and refuses is decided here, and RE2/J sees only constructs on which the two agree.
public final class GoRegexp {
  private final Pattern pattern;

  private GoRegexp(Pattern pattern) {
    this.pattern = pattern;
  }

  /// Compiles a pattern.
  ///
  /// @param bytes the pattern as a byte string
  /// @return the expression
  /// @throws GoRegexpException if Go refuses the pattern, or accepts it and it cannot be run here
  public static GoRegexp compile(String bytes) throws GoRegexpException {
    if (!ByteStrings.isUtf8(bytes)) {
      throw new GoRegexpException("the pattern is not valid UTF-8", false);
    }
    String translated = new GoRegexpTranslator(ByteStrings.toText(bytes)).translate();
    try {
      return new GoRegexp(Pattern.compile(translated));
    } catch (PatternSyntaxException | StackOverflowError e) {
      throw new GoRegexpException("the pattern is beyond what RE2/J can compile", true);
    }
  }

  /// Tells whether the expression matches anywhere in a text.
  ///
  /// @param bytes the text as a byte string; a byte that is not UTF-8 counts as U+FFFD, as in Go
  /// @return whether there is a match
  public boolean find(String bytes) {
    return findIn(ByteStrings.toText(bytes));
  }

  boolean findIn(CharSequence text) {
    return pattern.matcher(text).find();
  }
}
