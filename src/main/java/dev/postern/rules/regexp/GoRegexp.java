package dev.postern.rules.regexp;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import dev.postern.rules.request.ByteStrings;

/// A regular expression with the syntax, the Unicode tables and the limits of Go's `regexp`
/// package. RE2/J executes it, so matching takes time proportional to the length of the text. This
/// package decides what is valid, as Go would; RE2/J only gets constructs that both treat the same
/// way.
public final class GoRegexp {
  private final Pattern pattern;

  private GoRegexp(Pattern pattern) {
    this.pattern = pattern;
  }

  /// Compiles a pattern.
  ///
  /// @param bytes the pattern as a byte string
  /// @throws GoRegexpException if Go rejects the pattern, or accepts it but RE2/J cannot run it
  public static GoRegexp compile(String bytes) throws GoRegexpException {
    if (!ByteStrings.isUtf8(bytes)) {
      throw new GoRegexpException("the pattern is not valid UTF-8", false);
    }
    String translated = new GoRegexpTranslator(ByteStrings.toText(bytes)).translate();
    try {
      return new GoRegexp(Pattern.compile(translated));
    } catch (PatternSyntaxException | StackOverflowError e) {
      throw new GoRegexpException("the pattern is too complex for RE2/J", true);
    }
  }

  /// Whether the expression matches anywhere in a text.
  ///
  /// @param bytes the text as a byte string; a byte that is not UTF-8 counts as U+FFFD, as in Go
  public boolean find(String bytes) {
    return findIn(ByteStrings.toText(bytes));
  }

  boolean findIn(CharSequence text) {
    return pattern.matcher(text).find();
  }
}
