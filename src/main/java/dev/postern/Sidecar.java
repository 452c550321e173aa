package dev.postern;

import dev.postern.config.StaticConfig;

/// The running program.
// Only the shape: the server is built elsewhere and replaces this file.
@SuppressWarnings("DoNotCallSuggester")
public final class Sidecar implements AutoCloseable {
  private Sidecar() {}

  /// Starts the program.
  ///
  /// @param config the static configuration
  /// @return the running program
  public static Sidecar start(StaticConfig config) {
    throw new UnsupportedOperationException(config.toString());
  }

  /// {@return the port of the `auth` entry point}
  public int authPort() {
    throw new UnsupportedOperationException();
  }

  /// {@return the port of the `auths` entry point}
  public int authsPort() {
    throw new UnsupportedOperationException();
  }

  /// {@return the port of the `admin` entry point}
  public int adminPort() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void close() {}
}
