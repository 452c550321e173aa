package dev.postern.rules.regexp;

import java.util.Arrays;
import java.util.function.IntConsumer;

/// A mutable set of code points, stored as pairs of first and last.
final class CharRanges {
  private int[] pairs = new int[8];
  private int length;

  CharRanges add(int first, int last) {
    if (length >= 2 && first >= pairs[length - 2] && first <= pairs[length - 1] + 1) {
      pairs[length - 1] = Math.max(pairs[length - 1], last);
      return this;
    }
    if (length == pairs.length) {
      pairs = Arrays.copyOf(pairs, length * 2);
    }
    pairs[length++] = first;
    pairs[length++] = last;
    return this;
  }

  CharRanges addAll(CharRanges other) {
    for (int i = 0; i < other.length; i += 2) {
      add(other.pairs[i], other.pairs[i + 1]);
    }
    return this;
  }

  /// Sorts and merges the pairs. Does not write to a set that is already in order, so that it can
  /// be shared.
  private void normalise() {
    if (isNormal()) {
      return;
    }
    long[] sorted = new long[length / 2];
    for (int i = 0; i < sorted.length; i++) {
      sorted[i] = ((long) pairs[2 * i] << 32) | pairs[2 * i + 1];
    }
    Arrays.sort(sorted);
    length = 0;
    for (long pair : sorted) {
      add((int) (pair >> 32), (int) pair);
    }
  }

  private boolean isNormal() {
    for (int i = 2; i < length; i += 2) {
      if (pairs[i] <= pairs[i - 1] + 1) {
        return false;
      }
    }
    return true;
  }

  CharRanges negated() {
    normalise();
    CharRanges result = new CharRanges();
    int next = 0;
    for (int i = 0; i < length; i += 2) {
      if (next < pairs[i]) {
        result.add(next, pairs[i] - 1);
      }
      next = pairs[i + 1] + 1;
    }
    if (next <= Character.MAX_CODE_POINT) {
      result.add(next, Character.MAX_CODE_POINT);
    }
    return result;
  }

  /// These code points, and all that differ from one of them only in case.
  CharRanges folded() {
    normalise();
    CharRanges result = new CharRanges();
    for (int i = 0; i < length; i += 2) {
      result.add(pairs[i], pairs[i + 1]);
    }
    for (int i = 0; i < length; i += 2) {
      GoUnicode.addFolds(pairs[i], pairs[i + 1], result);
    }
    return result;
  }

  void forEach(IntConsumer action) {
    normalise();
    for (int i = 0; i < length; i += 2) {
      for (int c = pairs[i]; c <= pairs[i + 1]; c++) {
        action.accept(c);
      }
    }
  }

  /// Appends a class that has the same meaning in every engine, whatever flags are set.
  void appendTo(StringBuilder out) {
    normalise();
    if (length == 0) {
      out.append("[^\\x{0}-\\x{10ffff}]");
      return;
    }
    out.append('[');
    for (int i = 0; i < length; i += 2) {
      appendEscaped(out, pairs[i]);
      if (pairs[i] != pairs[i + 1]) {
        appendEscaped(out.append('-'), pairs[i + 1]);
      }
    }
    out.append(']');
  }

  static void appendEscaped(StringBuilder out, int c) {
    if (c < 0x80 && Character.isLetterOrDigit(c)) {
      out.append((char) c);
    } else {
      out.append("\\x{").append(Integer.toHexString(c)).append('}');
    }
  }
}
