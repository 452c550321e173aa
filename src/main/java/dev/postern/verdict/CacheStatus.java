package dev.postern.verdict;

/// Where a response came from.
public enum CacheStatus {
  /// from a stored entry
  HIT("hit"),
  /// from a check for this request
  MISS("miss"),
  /// from another request's check with the same key
  JOINED("joined"),
  /// from an entry past its life, because the upstream is unavailable
  STALE("stale"),
  /// from the upstream, because the cache does not handle this request
  BYPASS("bypass");

  private final String text;

  CacheStatus(String text) {
    this.text = text;
  }

  /// The lower-case name shown in logs, metrics and headers.
  public String text() {
    return text;
  }
}
