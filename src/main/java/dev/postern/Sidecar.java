package dev.postern;

import dev.postern.config.StaticConfig;

/// The running program.
final class Sidecar implements ServeCommand.Running {
  private Sidecar() {}

  // The composition root that replaces this class opens the entry points.
  @SuppressWarnings("DoNotCallSuggester")
  static Sidecar start(StaticConfig config) throws StartException {
    throw new StartException("not wired: " + config.upstream().url());
  }

  @Override
  public void awaitStop() {}

  @Override
  public void close() {}
}
