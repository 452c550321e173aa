package dev.postern.app;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What is read again when the operator asks for it by SIGHUP.
///
/// Hooks run one after another in the order in which they were added. Each tells in the log what it
/// found, and one that fails keeps none of the others from running.
public final class Reloads {
  private static final Logger LOG = LoggerFactory.getLogger(Reloads.class);

  /// Reads one thing again and keeps what is in effect where that cannot be used.
  @FunctionalInterface
  interface Hook {
    /// Reads.
    ///
    /// @throws Exception whose message says why it could not
    void run() throws Exception;
  }

  private record Named(String what, Hook hook) {}

  // Mutable state; guarded by this.
  private final List<Named> hooks = new ArrayList<>();

  /// Adds something to read again.
  ///
  /// @param what it in words, for the log
  /// @param hook reads it
  public synchronized void add(String what, Hook hook) {
    hooks.add(new Named(what, hook));
  }

  /// Reads everything again.
  public synchronized void run() {
    List<String> read = new ArrayList<>();
    for (Named named : hooks) {
      try {
        named.hook().run();
        read.add(named.what());
      } catch (IOException e) {
        // A file that somebody has to fix: the reason is enough.
        LOG.atWarn()
            .addKeyValue("what", named.what())
            .log("Could not be read again; what is in effect stays: {}", e.getMessage());
      } catch (Exception e) {
        LOG.atWarn()
            .setCause(e)
            .addKeyValue("what", named.what())
            .log("Could not be read again; what is in effect stays");
      }
    }
    LOG.atInfo()
        .addKeyValue("what", String.join(", ", read))
        .log("Read again what can be without a restart");
  }
}
