package dev.postern.routing.source;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.postern.config.Problem;
import dev.postern.config.tls.ClientTls;
import dev.postern.routing.Routes;
import dev.postern.routing.RoutesListener;
import dev.postern.routing.definition.Provider;
import dev.postern.routing.definition.ProviderState;
import dev.postern.routing.definition.RouterDefinition;
import dev.postern.routing.definition.Snapshot;
import dev.postern.routing.source.ApiSource.Loaded;
import dev.postern.routing.source.PollingLoop.Reading;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// The handling of successful and failed reads; no real time passes.
class PollingLoopTest {
  private static final Duration INTERVAL = Duration.ofSeconds(15);

  private final Logger logger = (Logger) LoggerFactory.getLogger(PollingLoop.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final Deque<Reading> readings = new ArrayDeque<>();
  private final List<Long> pauses = new ArrayList<>();
  private final List<ProviderState> states = new ArrayList<>();
  private final Routes routes =
      new Routes(
          Duration.ofSeconds(60),
          InstantSource.fixed(Instant.EPOCH),
          new RoutesListener() {
            @Override
            public void attempted(ProviderState state) {
              states.add(state);
            }
          });
  private PollingLoop loop;

  @BeforeEach
  void listen() {
    lines.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(lines);
    ApiTarget target =
        FakeApi.target(
            URI.create("http://traefik.test"), ClientTls.STANDARD, Duration.ofSeconds(5));
    loop =
        new PollingLoop(
            target,
            Provider.TRAEFIK,
            () -> readings.remove().read(),
            routes,
            new Schedule(INTERVAL, () -> 0),
            time -> {
              pauses.add(time.toMillis());
              return !readings.isEmpty();
            });
  }

  @AfterEach
  void stop() {
    logger.detachAppender(lines);
    logger.setLevel(null);
  }

  private static Loaded loaded(List<Problem> leftOut, String... names) {
    List<RouterDefinition> routers =
        List.of(names).stream()
            .map(name ->
                new RouterDefinition(
                    name, "Host(`a`)", "", 0, List.of(), List.of(), "", false, "", ""))
            .toList();
    return new Loaded(new Snapshot(routers, List.of(), List.of()), leftOut);
  }

  private PollingLoopTest good(String... names) {
    readings.add(() -> loaded(List.of(), names));
    return this;
  }

  private PollingLoopTest bad(String reason) {
    readings.add(() -> {
      throw new ApiFailure(reason);
    });
    return this;
  }

  private List<String> messages() {
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  private List<String> names() {
    return routes.table().routers().stream().map(router -> router.name()).toList();
  }

  @Test
  void readings_good_areReportedAtTheirInterval() {
    good("a@file").good("a@file").good("b@file");
    loop.run();
    assertThat(names()).containsExactly("b@file");
    assertThat(pauses).containsExactly(15_000L, 15_000L, 15_000L);
    assertThat(states).extracting(ProviderState::failing).containsExactly(false, false, false);
    assertThat(messages())
        .containsExactly("Traefik's API loaded: 1 router, 0 middlewares, 0 applications");
  }

  @Test
  void failure_afterASuccess_keepsTheLastData() {
    good("a@file").bad("broken");
    loop.run();
    assertThat(names()).containsExactly("a@file");
    assertThat(states.getLast().failing()).isTrue();
    assertThat(states.getLast().problems())
        .containsExactly(new Problem("providers.traefik", "broken"));
    assertThat(messages().getLast())
        .isEqualTo("Traefik's API cannot be read, so its last good state stays in use: broken");
  }

  @Test
  void failures_followEachOther_afterGrowingPauses() {
    IntStream.range(0, 8).forEach(_ -> bad("broken"));
    good("a@file").bad("broken");
    loop.run();
    assertThat(pauses)
        .containsExactly(
            1000L, 2000L, 4000L, 8000L, 16_000L, 32_000L, 60_000L, 60_000L, 15_000L, 1000L);
  }

  @Test
  void log_ofManyAttempts_hasOneLineForEachChange() {
    bad("x").bad("x").bad("y").good("a@file").good("a@file").bad("y").bad("y").good("a@file");
    loop.run();
    assertThat(messages())
        .containsExactly(
            "Traefik's API cannot be read, so there is no data from it yet: x",
            "Traefik's API cannot be read, so there is no data from it yet: y",
            "Traefik's API loaded: 1 router, 0 middlewares, 0 applications",
            "Traefik's API cannot be read, so its last good state stays in use: y",
            "Traefik's API loaded: 1 router, 0 middlewares, 0 applications");
  }

  @Test
  void log_ofWhatIsLeftOut_isWrittenWhenItChanges() {
    List<Problem> first = List.of(new Problem("a\nb", "wrong"));
    List<Problem> many =
        IntStream.range(0, 25).mapToObj(i -> new Problem("p" + i, "wrong")).toList();
    readings.add(() -> loaded(first));
    readings.add(() -> loaded(first));
    readings.add(() -> loaded(many));
    loop.run();
    assertThat(messages())
        .hasSize(1 + 1 + 21)
        .contains("Traefik's API has entries that cannot be used: a\\u000ab: wrong")
        .endsWith("and 5 more of these");
    assertThat(states.getLast().problems()).isEqualTo(many);
  }

  @Test
  void failure_unexpected_isReportedAndRetried() {
    logger.setLevel(Level.WARN);
    readings.add(() -> {
      throw new StackOverflowError("a bug");
    });
    good("a@file");
    loop.run();
    assertThat(states.getFirst().problems())
        .singleElement()
        .asString()
        .contains("reading it failed unexpectedly: java.lang.StackOverflowError");
    assertThat(names()).containsExactly("a@file");
  }

  @Test
  void close_whileReading_dropsWhatComesOfIt() {
    readings.add(() -> {
      loop.close();
      return loaded(List.of(), "a@file");
    });
    good("b@file");
    loop.run();
    assertThat(states).isEmpty();
    assertThat(names()).isEmpty();
    assertThat(readings).as("readings after the end").hasSize(1);
  }
}
