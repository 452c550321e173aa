package dev.postern.config.tls.client;

import dev.postern.config.Problem;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Tries to use files and collects the problems, each once.
public final class PemAttempts {
  private final Set<Problem> problems = new LinkedHashSet<>();

  /// Uses files; the result is discarded.
  @FunctionalInterface
  public interface Use {
    /// Tries once.
    ///
    /// @throws IOException if they cannot be used, with a message that says why
    void run() throws IOException;
  }

  /// Tries one use and records its failure.
  public void attempt(Use use) {
    try {
      use.run();
    } catch (PemException e) {
      problems.add(e.problem());
    } catch (IOException e) {
      problems.add(new Problem("", String.valueOf(e.getMessage())));
    }
  }

  /// The problems, in the order of the attempts.
  public List<Problem> problems() {
    return List.copyOf(problems);
  }
}
