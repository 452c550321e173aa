package dev.postern.overload;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.postern.app.Sidecar;
import dev.postern.testing.Await;
import dev.postern.testing.PosternConfig;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.testing.upstream.Fault;
import dev.postern.testing.upstream.Identity;
import dev.postern.testing.upstream.RecordingUpstream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/// A thousand faults of each kind: no memory or place stays in use afterwards, everything recovers
/// by itself, and the log distinguishes the kinds.
class UpstreamFaultsTest {
  private static final int FAULTS = 1000;
  private static final int CLIENTS = 100;
  private static final String ALICE = "authentik_proxy_0a1b2c3d=alice";

  /// A fault of the upstream, and what clients and the operator see of it.
  enum Kind {
    DOWN(null, 502, "cannot be reached", "cannot be reached"),
    SLOW(Fault.SLOW, 302, "", null),
    HUNG(Fault.HANG, 504, "did not answer in time", "does not respond within upstream.timeout"),
    RESET(Fault.CLOSE_BEFORE_ANSWER, 502, "closed the connection", "closes connections"),
    GARBAGE(Fault.GARBAGE, 502, "not valid HTTP", "is not valid HTTP"),
    TRUNCATED(Fault.TRUNCATED_BODY, 502, "is incomplete", "are cut off"),
    ERROR(Fault.UNAVAILABLE, 503, "", "responds with errors"),
    /// A denial with a wrong Content-Length is a denial; bytes after its end are ignored.
    WRONG_LENGTH(Fault.WRONG_LENGTH, 403, "01", null);

    final @Nullable Fault fault;
    final int status;
    final String body;
    final @Nullable String log;

    Kind(@Nullable Fault fault, int status, String body, @Nullable String log) {
      this.fault = fault;
      this.status = status;
      this.body = body;
      this.log = log;
    }
  }

  @TempDir Path state;
  private final RecordingUpstream upstream = new RecordingUpstream();
  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.postern.app.VerdictLog");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    upstream.signIn(Flood.HOST, ALICE, Identity.of("alice", "app"));
    lines.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(lines);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(lines);
    logger.setLevel(null);
    upstream.close();
  }

  @ParameterizedTest
  @EnumSource
  void thousandFaults_leaveNoResourcesUsedAndAreLoggedByKind(Kind kind) throws Exception {
    // Long enough that only a hung upstream reaches it, even on a busy machine.
    Duration timeout = kind == Kind.HUNG ? Duration.ofMillis(200) : Duration.ofSeconds(20);
    try (Sidecar postern =
        Sidecar.start(PosternConfig.of(upstream.url(), state).timeout(timeout).build())) {
      begin(kind);
      send(postern, CLIENTS);
      Resources before = Resources.now();

      List<RawMessage> answers = send(postern, FAULTS);

      assertThat(answers).hasSize(FAULTS);
      for (RawMessage answer : answers) {
        assertThat(answer.status()).isEqualTo(kind.status);
        assertThat(answer.body()).contains(kind.body);
      }
      end(kind);
      awaitRecovery(postern);
      Resources.awaitIdle(postern);
      before.awaitReleased();
      assertLogNamesTheFault(kind);
    }
  }

  private void begin(Kind kind) {
    if (kind.fault == null) {
      upstream.server().refuse();
    } else {
      upstream.fail(kind.fault);
    }
  }

  private void end(Kind kind) {
    if (kind.fault == null) {
      upstream.server().listenAgain();
    } else {
      upstream.fail(Fault.NONE);
    }
  }

  private static List<RawMessage> send(Sidecar postern, int total) throws Exception {
    return Flood.send(
        postern.authPort(),
        CLIENTS,
        total,
        number -> Flood.check(Flood.address(number), Flood.invented(number)));
  }

  private static void awaitRecovery(Sidecar postern) {
    Await.until(
        "a verdict again",
        Duration.ofSeconds(30),
        () -> RawHttp.once(postern.authPort(), Flood.check("192.0.2.1", ALICE)).status() == 200);
  }

  private void assertLogNamesTheFault(Kind kind) {
    List<String> messages = lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    if (kind.log == null) {
      assertThat(messages).noneMatch(line -> line.startsWith("No verdicts"));
    } else {
      assertThat(messages)
          .filteredOn(line -> line.startsWith("No verdicts"))
          .hasSize(1)
          .allMatch(line -> line.contains(kind.log));
      assertThat(messages).contains("The identity provider returns verdicts again");
    }
  }
}
