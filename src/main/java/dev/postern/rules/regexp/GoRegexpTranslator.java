package dev.postern.rules.regexp;

import java.util.ArrayList;
import java.util.List;

/// Parses a pattern with Go's grammar and writes it in the subset of the language that RE2/J and Go
/// treat the same way: characters, classes of explicit ranges, groups without names, assertions and
/// repeats.
final class GoRegexpTranslator {
  private static final int FOLD = 1;
  private static final int MULTI_LINE = 2;
  private static final int DOT_ALL = 4;
  private static final int UNGREEDY = 8;

  /// Go's `maxHeight` and `maxSize`.
  private static final int MAX_HEIGHT = 1000;

  private static final long MAX_SIZE = (128L << 20) / 40;

  /// RE2/J's matcher recurses once for every step that consumes no character; this many are safe on
  /// any thread.
  private static final int MAX_IDLE_STEPS = 2500;

  private static final int MAX_TRANSLATION = 4 << 20;

  /// RE2/J copies the rest of the pattern at every group, so the product of both is limited.
  private static final long MAX_COPIED = 2_000_000_000;

  private final PatternReader in;
  private final ClassReader classes;

  /// With this only flag `^` and `$` match at lines; the ends of the text are written `\A` and
  /// `\z`.
  private final StringBuilder out = new StringBuilder("(?m)");

  private final List<PatternGroup> groups = new ArrayList<>();
  private PatternGroup group = new PatternGroup(0, 0, false);
  private int flags;
  private long written;

  GoRegexpTranslator(String pattern) {
    in = new PatternReader(pattern);
    classes = new ClassReader(in);
  }

  String translate() throws GoRegexpException {
    boolean afterRepeat = false;
    while (in.hasMore()) {
      afterRepeat = step(afterRepeat);
      if (out.length() > MAX_TRANSLATION) {
        throw new GoRegexpException("the pattern is too large for RE2/J", true);
      }
    }
    if (!groups.isEmpty()) {
      throw PatternReader.refused("a group has no closing parenthesis");
    }
    Piece whole = checked(group.close());
    int idle = Math.max(whole.inner(), Math.max(whole.enter(), whole.through()));
    if (written * out.length() > MAX_COPIED) {
      throw new GoRegexpException("the pattern has too many groups for RE2/J", true);
    }
    if (idle > MAX_IDLE_STEPS) {
      throw new GoRegexpException("the pattern has too many alternatives for RE2/J", true);
    }
    return out.toString();
  }

  /// Parses one construct and returns whether it was a repeat.
  private boolean step(boolean afterRepeat) throws GoRegexpException {
    switch (in.peek()) {
      case '(' -> open();
      case ')' -> close();
      case '|' -> {
        in.skip(1);
        group.branches.add(checked(Piece.concatenation(group.parts)));
        group.parts = new ArrayList<>();
        if (!groups.isEmpty() && !group.wrapped) {
          openParenthesis(group.start);
          group.wrapped = true;
        }
        out.append('|');
      }
      case '^' -> assertion(1, has(MULTI_LINE) ? "^" : "\\A");
      case '$' -> assertion(1, has(MULTI_LINE) ? "$" : "\\z");
      case '.' -> {
        in.skip(1);
        begin();
        out.append(has(DOT_ALL) ? "[\\x{0}-\\x{10ffff}]" : "[^\\n]");
        push(Piece.character(Piece.Op.CLASS));
      }
      case '[' -> characterClass(classes.brackets(has(FOLD)));
      case '*', '+', '?', '{' -> {
        return repeat(afterRepeat);
      }
      case '\\' -> escape();
      default -> literal(in.next());
    }
    return false;
  }

  private void escape() throws GoRegexpException {
    switch (in.peek(1)) {
      case 'A' -> assertion(2, "\\A");
      case 'z' -> assertion(2, "\\z");
      case 'b' -> assertion(2, "\\b");
      case 'B' -> assertion(2, "\\B");
      case 'Q' -> {
        in.skip(2);
        String quoted = in.until("\\E");
        String text = quoted == null ? in.rest() : quoted;
        for (int c : text.codePoints().toArray()) {
          literal(c);
        }
      }
      default -> {
        CharRanges ranges = classes.escaped(has(FOLD));
        if (ranges != null) {
          characterClass(ranges);
        } else {
          literal(in.escape());
        }
      }
    }
  }

  private void assertion(int length, String translation) throws GoRegexpException {
    in.skip(length);
    begin();
    out.append(translation);
    push(Piece.assertion());
  }

  private void characterClass(CharRanges ranges) throws GoRegexpException {
    begin();
    ranges.appendTo(out);
    push(Piece.character(Piece.Op.CLASS));
  }

  private void literal(int c) throws GoRegexpException {
    begin();
    if (has(FOLD)) {
      new CharRanges().add(c, c).folded().appendTo(out);
    } else {
      CharRanges.appendEscaped(out, c);
    }
    push(Piece.character(has(FOLD) ? Piece.Op.FOLDED_LITERAL : Piece.Op.LITERAL));
  }

  private void open() throws GoRegexpException {
    int before = flags;
    boolean captures = true;
    if (in.peek(1) == '?') {
      boolean python = in.startsWith("(?P<") && in.peek(4) >= 0;
      if (python || (in.startsWith("(?<") && in.peek(3) >= 0)) {
        in.skip(python ? 4 : 3);
        captureName();
      } else {
        in.skip(2);
        if (!flags()) {
          return;
        }
        captures = false;
      }
    } else {
      in.skip(1);
    }
    groups.add(group);
    group = new PatternGroup(out.length(), before, captures);
  }

  private void captureName() throws GoRegexpException {
    String name = in.until(">");
    if (name == null || name.isEmpty() || !name.codePoints().allMatch(ClassReader::isWord)) {
      throw PatternReader.refused(
          "the name of a group must consist of letters, digits and underscores");
    }
  }

  /// Parses what follows `(?` and returns whether a group begins.
  private boolean flags() throws GoRegexpException {
    int result = flags;
    boolean clear = false;
    boolean any = false;
    while (true) {
      int c = in.next();
      int flag = "imsU".indexOf(c);
      if (c == '-' && !clear) {
        clear = true;
        any = false;
      } else if (flag >= 0) {
        any = true;
        result = clear ? result & ~(1 << flag) : result | 1 << flag;
      } else if ((c == ':' || c == ')') && (!clear || any)) {
        flags = result & (FOLD | MULTI_LINE | DOT_ALL | UNGREEDY);
        return c == ':';
      } else {
        throw PatternReader.refused("(? is not followed by flags or a group that Go supports");
      }
    }
  }

  private void close() throws GoRegexpException {
    if (groups.isEmpty()) {
      throw PatternReader.refused("a closing parenthesis has no opening one");
    }
    in.skip(1);
    PatternGroup closed = group;
    boolean loose = !closed.wrapped && (closed.parts.size() != 1 || closed.lastIsLoose);
    Piece inside = checked(closed.close());
    flags = closed.outerFlags;
    group = groups.removeLast();
    if (closed.wrapped) {
      out.append(')');
    }
    group.lastStart = closed.start;
    group.lastIsLoose = loose;
    push(closed.captures ? Piece.captured(inside) : inside);
  }

  private boolean repeat(boolean afterRepeat) throws GoRegexpException {
    boolean counted = in.peek() == '{';
    int[] counts =
        switch (in.peek()) {
          case '{' -> in.counts();
          case '*' -> new int[] {0, -1};
          case '+' -> new int[] {1, -1};
          default -> new int[] {0, 1};
        };
    if (counts.length == 0) {
      literal(in.next());
      return false;
    }
    if (!counted) {
      in.skip(1);
    }
    int min = counts[0];
    int max = counts[1];
    if (min < 0 || max == -2 || min > 1000 || max > 1000 || (max >= 0 && min > max)) {
      throw PatternReader.refused(
          "a repeat count must be at most 1000, and the second must not be smaller than the first");
    }
    if (in.peek() == '?') {
      in.skip(1);
    }
    if (afterRepeat) {
      throw PatternReader.refused("a repeat cannot be repeated without a group");
    }
    if (group.parts.isEmpty()) {
      throw PatternReader.refused("there is nothing to repeat");
    }
    repeatLast(min, max, counted);
    return true;
  }

  private void repeatLast(int min, int max, boolean counted) throws GoRegexpException {
    if (group.lastIsLoose) {
      openParenthesis(group.lastStart);
      out.append(')');
    }
    out.append('{').append(min).append(',').append(max < 0 ? "" : max).append('}');
    Piece repeated = checked(group.parts.removeLast().repeated(min, max, counted));
    if (counted && (min >= 2 || max >= 2) && repeated.repeats() > 1000) {
      throw PatternReader.refused("nested repeat counts multiply to more than 1000");
    }
    group.parts.add(repeated);
    group.lastIsLoose = true;
  }

  private void openParenthesis(int at) {
    out.insert(at, "(?:");
    written++;
  }

  private void begin() {
    group.lastStart = out.length();
    group.lastIsLoose = false;
  }

  private void push(Piece piece) throws GoRegexpException {
    group.parts.add(checked(piece));
  }

  private static Piece checked(Piece piece) throws GoRegexpException {
    if (piece.height() > MAX_HEIGHT) {
      throw PatternReader.refused("the pattern is nested too deep");
    }
    if (piece.size() > MAX_SIZE) {
      throw PatternReader.refused("the pattern is too large");
    }
    return piece;
  }

  private boolean has(int flag) {
    return (flags & flag) != 0;
  }
}
