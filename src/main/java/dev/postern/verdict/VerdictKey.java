package dev.postern.verdict;

/// A keyed digest of everything that a verdict may depend on.
///
/// @param a first 64 bits
/// @param b second 64 bits
/// @param c third 64 bits
/// @param d last 64 bits
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
