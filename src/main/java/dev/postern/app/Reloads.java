package dev.postern.app;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Everything that SIGHUP reloads.
///
/// The hooks run one after another in the order in which they were added. Each logs its result. If
/// one fails, the others still run.
public final class Reloads {
  private static final Logger LOG = LoggerFactory.getLogger(Reloads.class);

  /// Reloads one thing; on failure the present state is kept.
  @FunctionalInterface
  interface Hook {
    /// Reads again.
    ///
    /// @throws Exception if it cannot be reloaded; the message says why
    void run() throws Exception;
  }

  private record Named(String what, Hook hook) {}

  // Mutable state; guarded by this.
  private final List<Named> hooks = new ArrayList<>();

  /// Adds a hook.
  ///
  /// @param what the name of the reloaded thing, for the log
  public synchronized void add(String what, Hook hook) {
    hooks.add(new Named(what, hook));
  }

  /// Runs all hooks.
  public synchronized void run() {
    List<String> reloaded = new ArrayList<>();
    for (Named named : hooks) {
      try {
        named.hook().run();
        reloaded.add(named.what());
      } catch (IOException e) {
        // The operator has to fix a file: no stack trace needed.
        LOG.atWarn()
            .addKeyValue("what", named.what())
            .log("Reload failed; the present state is kept: {}", e.getMessage());
      } catch (Exception e) {
        LOG.atWarn()
            .setCause(e)
            .addKeyValue("what", named.what())
            .log("Reload failed; the present state is kept");
      }
    }
    LOG.atInfo().addKeyValue("what", String.join(", ", reloaded)).log("Reloaded");
  }
}
