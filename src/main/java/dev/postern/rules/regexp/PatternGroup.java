package dev.postern.rules.regexp;

import java.util.ArrayList;
import java.util.List;

/// An open group, or the whole pattern. Its parentheses are written only if a `|` or a repeat needs
/// them, so that needless nesting is not translated.
final class PatternGroup {
  final int start;
  final int outerFlags;
  final boolean captures;
  final List<Piece> branches = new ArrayList<>();
  List<Piece> parts = new ArrayList<>();
  int lastStart;
  boolean lastIsLoose;
  boolean wrapped;

  PatternGroup(int start, int outerFlags, boolean captures) {
    this.start = start;
    this.outerFlags = outerFlags;
    this.captures = captures;
  }

  Piece close() {
    branches.add(Piece.concatenation(parts));
    parts = new ArrayList<>();
    return Piece.alternation(branches);
  }
}
