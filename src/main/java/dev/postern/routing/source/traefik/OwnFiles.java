package dev.postern.routing.source.traefik;

/// Whether Postern reads rules files itself, beside Traefik.
public enum OwnFiles {
  /// `providers.file` is on. What a file says beyond narrowing is then taken from the file, so it
  /// is no news that it cannot be taken from Traefik's API.
  READ,
  /// It is off.
  NOT_READ
}
