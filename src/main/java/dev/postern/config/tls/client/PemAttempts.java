package dev.postern.config.tls.client;

import dev.postern.config.Problem;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Uses files on trial and keeps everything that is wrong with them, each once.
public final class PemAttempts {
  private final Set<Problem> problems = new LinkedHashSet<>();

  /// A use of files whose outcome does not matter.
  @FunctionalInterface
  public interface Use {
    /// Uses them.
    ///
    /// @throws IOException if they cannot be used, with a message that says why
    void run() throws IOException;
  }

  /// Tries one use.
  ///
  /// @param use what to try
  public void attempt(Use use) {
    try {
      use.run();
    } catch (PemException e) {
      problems.add(e.problem());
    } catch (IOException e) {
      problems.add(new Problem("", String.valueOf(e.getMessage())));
    }
  }

  /// What failed, in the order of the attempts.
  public List<Problem> problems() {
    return List.copyOf(problems);
  }
}
