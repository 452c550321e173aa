package dev.postern.verdict;

/// A source of revocations.
public enum RevocationSource {
  /// outpost paths and flags passing by
  OUTPOST_PATHS("outpost_paths"),
  /// the admin API
  ADMIN("admin"),
  /// authentik's channel to its outposts
  WEBSOCKET("websocket"),
  /// a jump of the wall clock
  CLOCK("clock"),
  /// other applications than before
  CONFIGURATION("configuration");

  private final String text;

  RevocationSource(String text) {
    this.text = text;
  }

  /// The name that logs and metrics show.
  ///
  /// @return lower-case name
  public String text() {
    return text;
  }
}
