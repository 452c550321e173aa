package dev.postern.verdict;

/// A keyed 256-bit digest of everything that a verdict may depend on.
record VerdictKey(long a, long b, long c, long d) {
  @Override
  public int hashCode() {
    return Long.hashCode(a);
  }

  @Override
  public String toString() {
    return "VerdictKey";
  }
}
