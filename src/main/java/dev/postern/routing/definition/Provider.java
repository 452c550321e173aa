package dev.postern.routing.definition;

/// The sources of routers and applications, in the order in which later ones refine earlier.
public enum Provider {
  /// Rules directory or file.
  FILE("file"),
  /// Traefik's API.
  TRAEFIK("traefik"),
  /// authentik's API.
  AUTHENTIK("authentik");

  private final String text;

  Provider(String text) {
    this.text = text;
  }

  /// Its name in the configuration, such as `file`.
  ///
  /// @return the last part of its section's name
  public String text() {
    return text;
  }
}
