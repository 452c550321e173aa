package dev.postern.stack;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/// Tests that share one running stack; their classes run one at a time.
abstract class OnStack {
  @TempDir static Path directory;
  static Stack stack;

  @BeforeAll
  static void startStack() throws Exception {
    stack = new Stack(directory);
  }

  @AfterAll
  static void stopStack() {
    if (stack != null) {
      stack.close();
    }
  }
}
