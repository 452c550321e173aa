package dev.postern.rules.regexp;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Parses character classes: brackets, `\d` and similar escapes, POSIX names and `\p{…}`.
final class ClassReader {
  private static final Map<String, String> POSIX =
      Map.ofEntries(
          Map.entry("alnum", "09AZaz"),
          Map.entry("alpha", "AZaz"),
          Map.entry("ascii", "\0\u007F"),
          Map.entry("blank", "\t\t  "),
          Map.entry("cntrl", "\0\u001F\u007F\u007F"),
          Map.entry("digit", "09"),
          Map.entry("graph", "!~"),
          Map.entry("lower", "az"),
          Map.entry("print", " ~"),
          Map.entry("punct", "!/:@[`{~"),
          Map.entry("space", "\t\r  "),
          Map.entry("upper", "AZ"),
          Map.entry("word", "09AZaz__"),
          Map.entry("xdigit", "09AFaf"));
  private static final Map<Integer, String> PERL =
      Map.of((int) 'd', "09", (int) 's', "\t\n\f\r  ", (int) 'w', "09AZaz__");

  private final PatternReader in;
  private boolean noPosixEnd;

  ClassReader(PatternReader in) {
    this.in = in;
  }

  /// Parses a class in brackets, at its opening bracket.
  CharRanges brackets(boolean fold) throws GoRegexpException {
    in.skip(1);
    boolean negated = in.peek() == '^';
    if (negated) {
      in.skip(1);
    }
    CharRanges ranges = new CharRanges();
    boolean first = true;
    while (first || in.peek() != ']') {
      first = false;
      CharRanges named = named(fold);
      if (named != null) {
        ranges.addAll(named);
      } else {
        range(ranges, fold);
      }
    }
    in.skip(1);
    return negated ? ranges.negated() : ranges;
  }

  private @Nullable CharRanges named(boolean fold) throws GoRegexpException {
    if (in.startsWith("[:") && in.peek(2) >= 0) {
      CharRanges posix = posix(fold);
      if (posix != null) {
        return posix;
      }
    }
    return escaped(fold);
  }

  private void range(CharRanges ranges, boolean fold) throws GoRegexpException {
    int low = character();
    int high = low;
    if (in.peek() == '-' && in.peek(1) >= 0 && in.peek(1) != ']') {
      in.skip(1);
      high = character();
      if (high < low) {
        throw PatternReader.refused("a range of the class ends before it begins");
      }
    }
    if (fold) {
      ranges.addAll(new CharRanges().add(low, high).folded());
    } else {
      ranges.add(low, high);
    }
  }

  private int character() throws GoRegexpException {
    if (!in.hasMore()) {
      throw PatternReader.refused("a character class has no closing bracket");
    }
    return in.peek() == '\\' ? in.escape() : in.next();
  }

  private @Nullable CharRanges posix(boolean fold) throws GoRegexpException {
    if (noPosixEnd) {
      return null;
    }
    PatternReader start = in.copy();
    in.skip(2);
    String name = in.until(":]");
    if (name == null) {
      noPosixEnd = true;
      in.rewindTo(start);
      return null;
    }
    boolean negated = name.startsWith("^");
    String ranges = POSIX.get(negated ? name.substring(1) : name);
    if (ranges == null) {
      throw PatternReader.refused("there is no class [:" + name + ":]");
    }
    return group(ranges, negated, fold);
  }

  /// Parses `\d`, `\s`, `\w`, `\p{…}` and their negations; null if none of them is next.
  @Nullable CharRanges escaped(boolean fold) throws GoRegexpException {
    if (in.peek() != '\\') {
      return null;
    }
    int c = in.peek(1);
    if (c == 'p' || c == 'P') {
      return unicode(fold);
    }
    String ranges = c < 0 ? null : PERL.get(Character.toLowerCase(c));
    if (ranges == null) {
      return null;
    }
    in.skip(2);
    return group(ranges, c < 'a', fold);
  }

  private CharRanges unicode(boolean fold) throws GoRegexpException {
    boolean negated = in.peek(1) == 'P';
    in.skip(2);
    int c = in.next();
    String name = c < 0 ? "" : Character.toString(c);
    if (c == '{') {
      name = in.until("}");
      if (name == null) {
        throw PatternReader.refused("\\p{ has no closing brace");
      }
    }
    if (name.startsWith("^")) {
      negated = !negated;
      name = name.substring(1);
    }
    CharRanges ranges = GoUnicode.named(name);
    if (ranges == null) {
      throw PatternReader.refused("there is no class \\p{" + name + "}");
    }
    return finish(ranges, negated, fold);
  }

  static boolean isWord(int c) {
    return c < 0x80 && (c == '_' || Character.isLetterOrDigit(c));
  }

  private static CharRanges group(String pairs, boolean negated, boolean fold) {
    CharRanges ranges = new CharRanges();
    for (int i = 0; i < pairs.length(); i += 2) {
      ranges.add(pairs.charAt(i), pairs.charAt(i + 1));
    }
    return finish(ranges, negated, fold);
  }

  private static CharRanges finish(CharRanges ranges, boolean negated, boolean fold) {
    CharRanges result = fold ? ranges.folded() : ranges;
    return negated ? result.negated() : result;
  }
}
