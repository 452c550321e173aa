package dev.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ReloadsTest {
  @Test
  void run_failingHook_isLoggedWithItsReasonAndNotListedAsReloaded() {
    Reloads reloads = new Reloads();
    reloads.add("rules", () -> {});
    reloads.add(
        "certificate",
        () -> {
          throw new IOException("the.key: x.crt is gone");
        });
    reloads.add("secrets", () -> {});

    assertThat(logged(reloads::run))
        .containsExactly(
            "WARN Reload failed; the present state is kept: the.key: x.crt is gone"
                + " [what=\"certificate\"]",
            "INFO Reloaded [what=\"rules, secrets\"]");
  }

  private static List<String> logged(Runnable action) {
    Logger logger = (Logger) LoggerFactory.getLogger(Reloads.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    // Another test may have set a level for all loggers.
    logger.setLevel(Level.INFO);
    logger.addAppender(lines);
    try {
      action.run();
    } finally {
      logger.detachAppender(lines);
      logger.setLevel(null);
    }
    return lines.list.stream()
        .map(one -> one.getLevel() + " " + one.getFormattedMessage() + " " + one.getKeyValuePairs())
        .toList();
  }
}
