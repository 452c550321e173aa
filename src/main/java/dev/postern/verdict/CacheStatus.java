package dev.postern.verdict;

/// Where an answer came from.
public enum CacheStatus {
  /// remembered
  HIT("hit"),
  /// asked for this request
  MISS("miss"),
  /// asked for another request with the same key
  JOINED("joined"),
  /// remembered past its life, because the upstream is unavailable
  STALE("stale"),
  /// asked, because the request is not for the cache
  BYPASS("bypass");

  private final String text;

  CacheStatus(String text) {
    this.text = text;
  }

  /// The name that logs, metrics and headers show.
  ///
  /// @return lower-case name
  public String text() {
    return text;
  }
}
