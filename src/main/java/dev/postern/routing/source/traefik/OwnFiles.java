package dev.postern.routing.source.traefik;

/// Whether Postern also reads rules files itself.
public enum OwnFiles {
  /// `providers.file` is on. Settings that may only come from files are then read there, so it is
  /// not reported that they cannot come from Traefik's API.
  READ,
  /// `providers.file` is off.
  NOT_READ
}
