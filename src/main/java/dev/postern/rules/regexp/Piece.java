package dev.postern.rules.regexp;

import java.util.List;

/// Properties of a part of a pattern that are needed to apply Go's limits and to limit the
/// recursion of RE2/J's matcher, which follows steps that consume no character on the thread's
/// stack.
///
/// @param op the kind of node in Go's tree
/// @param height the height of Go's tree, at most 1000
/// @param size an upper bound of Go's program, in instructions
/// @param repeats the largest product of nested repeat counts inside
/// @param enter the longest path from the beginning that consumes no character
/// @param through the longest such path from beginning to end, or -1 if something must be consumed
/// @param leave the longest such path from a consumed character to the end
/// @param inner the longest such path anywhere
record Piece(
    Op op, int height, long size, int repeats, int enter, int through, int leave, int inner) {

  enum Op {
    LITERAL,
    FOLDED_LITERAL,
    CLASS,
    EMPTY,
    CONCATENATION,
    ALTERNATION,
    OTHER
  }

  static Piece character(Op op) {
    return new Piece(op, 1, 1, 1, 1, -1, 1, 2);
  }

  static Piece assertion() {
    return new Piece(Op.EMPTY, 1, 1, 1, 1, 1, 0, 1);
  }

  /// A capturing group, which is translated to a non-capturing one and costs no step.
  static Piece captured(Piece inside) {
    return new Piece(
        Op.OTHER,
        inside.height + 1,
        inside.size + 2,
        inside.repeats,
        inside.enter,
        inside.through,
        inside.leave,
        inside.inner);
  }

  static Piece concatenation(List<Piece> parts) {
    if (parts.size() == 1) {
      return parts.getFirst();
    }
    if (parts.isEmpty()) {
      return assertion();
    }
    Concatenation sum = new Concatenation();
    parts.forEach(sum::add);
    return sum.piece();
  }

  private static final class Concatenation {
    private int height;
    private int nodes;
    private Op previous = Op.EMPTY;
    private long size;
    private int repeats = 1;
    private int enter;
    private int through;
    private int pending;
    private int inner;

    void add(Piece part) {
      boolean merged =
          part.op == previous && (part.op == Op.LITERAL || part.op == Op.FOLDED_LITERAL);
      nodes += merged ? 0 : 1;
      previous = part.op;
      height = Math.max(height, part.op == Op.CONCATENATION ? part.height - 1 : part.height);
      size += part.size;
      repeats = Math.max(repeats, part.repeats);
      inner = Math.max(inner, Math.max(part.inner, sum(pending, part.enter)));
      if (through >= 0) {
        enter = Math.max(enter, sum(through, part.enter));
      }
      pending = Math.max(part.leave, part.through < 0 ? 0 : sum(pending, part.through));
      through = through < 0 || part.through < 0 ? -1 : sum(through, part.through);
    }

    Piece piece() {
      return nodes == 1
          ? new Piece(previous, 1, size, repeats, enter, through, pending, inner)
          : new Piece(Op.CONCATENATION, height + 1, size, repeats, enter, through, pending, inner);
    }
  }

  static Piece alternation(List<Piece> branches) {
    if (branches.size() == 1) {
      return branches.getFirst();
    }
    int steps = branches.size();
    int height = 0;
    long size = steps - 1L;
    int repeats = 1;
    int enter = 0;
    int through = -1;
    int leave = 0;
    int inner = 0;
    for (Piece branch : branches) {
      height = Math.max(height, branch.op == Op.ALTERNATION ? branch.height - 1 : branch.height);
      size += branch.size;
      repeats = Math.max(repeats, branch.repeats);
      enter = Math.max(enter, branch.enter);
      through = Math.max(through, branch.through);
      leave = Math.max(leave, branch.leave);
      inner = Math.max(inner, branch.inner);
    }
    return new Piece(
        Op.ALTERNATION,
        height + 1,
        size,
        repeats,
        sum(enter, steps),
        through < 0 ? -1 : sum(through, steps),
        leave + 1,
        sum(inner, steps));
  }

  /// This piece, repeated.
  ///
  /// @param min minimum count
  /// @param max maximum count, or -1 without limit
  /// @param counted whether it was written with braces
  Piece repeated(int min, int max, boolean counted) {
    int copies = Math.max(1, Math.max(min, max));
    int factor = !counted || max == 0 ? 1 : copies;
    long newSize =
        max < 0 ? (min == 0 ? 2 + size : 1 + min * size) : max * size + Math.max(0, max - min);
    int newThrough = through < 0 ? (min == 0 ? 1 : -1) : times(through + 2, copies);
    int idle = through < 0 ? 2 : newThrough;
    return new Piece(
        Op.OTHER,
        height + 1,
        Math.min(Math.max(1, newSize), Integer.MAX_VALUE),
        max == 0 ? 1 : Math.min(repeats * factor, 1_000_000),
        sum(enter, idle),
        newThrough,
        sum(leave, idle),
        Math.max(inner, sum(sum(leave, idle), enter)));
  }

  private static int sum(int a, int b) {
    return (int) Math.min((long) a + b, Integer.MAX_VALUE);
  }

  private static int times(int a, int b) {
    return (int) Math.min((long) a * b, Integer.MAX_VALUE);
  }
}
