package dev.postern.verdict;

/// How a request is answered.
public sealed interface Decision {
  /// Where the answer came from.
  ///
  /// @return its status
  CacheStatus status();

  /// From an entry.
  ///
  /// @param entry the entry
  /// @param status where the answer came from
  record Remembered(Entry entry, CacheStatus status) implements Decision {}

  /// With what the upstream said for this very request.
  ///
  /// @param verdict the verdict, its answer to be relayed unchanged
  /// @param status where the answer came from
  record Relayed(Verdict verdict, CacheStatus status) implements Decision {}
}
