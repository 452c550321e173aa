package dev.postern.verdict;

/// How a request is answered.
public sealed interface Decision {
  /// Where the response came from.
  CacheStatus status();

  /// Answer from a stored entry.
  record Stored(Entry entry, CacheStatus status) implements Decision {}

  /// Relay the upstream's response to this request.
  ///
  /// @param verdict the verdict, whose response is relayed unchanged
  record Relayed(Verdict verdict, CacheStatus status) implements Decision {}
}
