package dev.postern.routing.definition;

/// The sources of routers and applications, in order of authority: later ones may only refine
/// earlier ones.
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
  public String text() {
    return text;
  }
}
