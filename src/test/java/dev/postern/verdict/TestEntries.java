package dev.postern.verdict;

import dev.postern.net.HeaderLine;
import org.jspecify.annotations.Nullable;

/// Entries for tests of other packages.
public final class TestEntries {
  private TestEntries() {}

  /// An entry that never expires.
  ///
  /// @param echoedHeader name of the request header that its response echoes, or null
  public static Entry of(int status, @Nullable String echoedHeader, HeaderLine... lines) {
    return new Entry(
        status,
        lines,
        echoedHeader,
        new Entry.Term(
            0, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE),
        new Entry.Subject(
            new VerdictKey(1, 0, 0, 0),
            new Entry.RevocationTags(new long[] {1, 2}, 1, 1),
            0,
            "app",
            "slug"),
        0);
  }
}
