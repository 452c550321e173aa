package dev.postern.verdict;

public enum RevocationSource {
  /// outpost paths and flags in relayed requests
  OUTPOST_PATHS("outpost_paths"),
  /// the admin API
  ADMIN("admin"),
  /// authentik's channel to its outposts
  WEBSOCKET("websocket"),
  /// a jump of the wall clock
  CLOCK("clock"),
  /// the applications have changed
  CONFIGURATION("configuration");

  private final String text;

  RevocationSource(String text) {
    this.text = text;
  }

  /// The lower-case name shown in logs and metrics.
  public String text() {
    return text;
  }
}
