package dev.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.postern.server.edge.Limit;
import dev.postern.server.observe.PeerNotices;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// Log lines and metrics for the limits of an entry point.
class EdgeWatchTest {
  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final List<String> counted = new ArrayList<>();
  private long nanos;
  private final EdgeWatch watch =
      new EdgeWatch("auths", new PeerNotices("auths"), counted::add, () -> nanos);

  @BeforeEach
  void listen() {
    log.start();
    logger().addAppender(log);
  }

  @AfterEach
  void leave() {
    logger().detachAppender(log);
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger("dev.postern");
  }

  private List<String> lines() {
    return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void acceptFailed_manyTimesASecond_isOneLineAMinute() {
    for (int i = 0; i < 1000; i++) {
      watch.acceptFailed("Too many open files");
      nanos += TimeUnit.MILLISECONDS.toNanos(50);
    }
    assertThat(lines()).hasSize(1);
    assertThat(lines().getFirst()).startsWith("No connection can be accepted");
    assertThat(log.list.getFirst().getKeyValuePairs().toString())
        .contains("auths")
        .contains("Too many open files");
    nanos += TimeUnit.SECONDS.toNanos(10);
    watch.acceptFailed("Too many open files");
    assertThat(lines()).hasSize(2);
  }

  @Test
  void limit_isCountedAndLoggedOnceForEachPeerThatLosesItsConnection() {
    for (Limit limit : Limit.values()) {
      watch.limit(limit, "192.0.2.1 " + limit);
      watch.limit(limit, "192.0.2.1 " + limit);
    }
    for (Limit limit : Limit.values()) {
      assertThat(counted).filteredOn(limit.label()::equals).hasSize(2);
      boolean isLogged = limit.scope() == Limit.Scope.PEER && limit != Limit.IDLE_TIME;
      assertThat(log.list)
          .filteredOn(event -> event.getKeyValuePairs().toString().contains(limit.sentence()))
          .hasSize(isLogged ? 1 : 0)
          .allMatch(event -> event.getMessage().startsWith("This peer has reached a limit"));
    }
  }
}
