package dev.postern.feeds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.feeds.Listening.Timing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The state machine with a scripted channel; time passes only as the script says.
class ListeningTest {
  private static final String END = "{\"instruction\":4,\"args\":{\"session_id\":\"s\"}}";
  private static final String UPDATE = "{\"instruction\":2,\"args\":{}}";

  private long nanos = 7;
  private final Watched watched = new Watched();
  private final List<String> log = watched.happened;
  private final Queue<Deque<Step>> connections = new ArrayDeque<>();
  private final List<Duration> pauses = new ArrayList<>();
  private int pings;

  /// What the next call of the channel does.
  private sealed interface Step {
    record Text(String text) implements Step {}

    record Sign() implements Step {}

    record Quiet(Duration time) implements Step {}

    record Broken(String reason) implements Step {}

    record Crash() implements Step {}
  }

  private static final Step SIGN = new Step.Sign();
  private static final Step BROKEN = new Step.Broken("broken");

  private static Step quiet(int seconds) {
    return new Step.Quiet(Duration.ofSeconds(seconds));
  }

  private final class Script implements Channel {
    private final Deque<Step> steps;

    Script(Deque<Step> steps) {
      this.steps = steps;
    }

    @Override
    public Received receive(Duration patience) throws ConnectionLost {
      Step step = steps.isEmpty() ? BROKEN : steps.pop();
      return switch (step) {
        case Step.Text(String text) -> new Received.Text(text);
        case Step.Sign _ -> new Received.Alive();
        case Step.Broken(String reason) -> throw new ConnectionLost(reason);
        case Step.Crash _ -> throw new StackOverflowError("a bug");
        case Step.Quiet(Duration time) -> {
          Duration passed = time.compareTo(patience) < 0 ? time : patience;
          nanos += passed.toNanos();
          if (passed.compareTo(time) < 0) {
            steps.push(new Step.Quiet(time.minus(passed)));
          }
          yield new Received.Silence();
        }
      };
    }

    @Override
    public void ping() {
      pings++;
    }

    @Override
    public void close() {
      log.add("closed");
    }
  }

  private void connection(Step... steps) {
    connections.add(new ArrayDeque<>(Arrays.asList(steps)));
  }

  private final Effects effects = new Effects(watched.revocations);

  private Listening run() {
    Listening listening =
        new Listening(
            () -> {
              Deque<Step> next = connections.remove();
              if (next.peek() instanceof Step.Broken(String reason)) {
                throw new ConnectionLost(reason);
              }
              return new Script(next);
            },
            effects,
            Timing.STANDARD,
            new Listening.Collaborators(
                InstantSource.fixed(Instant.EPOCH),
                () -> nanos,
                time -> {
                  pauses.add(time);
                  return !connections.isEmpty();
                },
                new Backoff(() -> 0),
                watched));
    listening.run();
    return listening;
  }

  @Test
  void connection_thatAnswersAndSettles_isTrustedUntilItIsLost() {
    connection(SIGN, quiet(1), new Step.Text(END), BROKEN);
    FeedStatus status = run().status();
    assertThat(log)
        .containsExactly(
            "revoked", "connected", "revoked", "SESSION_END", "closed", "revoked", "lost");
    assertThat(status.state()).isEqualTo("lost");
    assertThat(status.lastError()).isEqualTo("broken");
    assertThat(status.lastEvent()).isEqualTo(Instant.EPOCH);
  }

  @Test
  void connection_thatEndsBeforeItSettles_revokesNothing() {
    connection(SIGN, new Step.Quiet(Duration.ofMillis(999)), BROKEN);
    run();
    assertThat(log).containsExactly("closed");
  }

  @Test
  void instruction_beforeTheConnectionSettles_isApplied() {
    connection(new Step.Text(END), BROKEN);
    run();
    assertThat(log).containsExactly("revoked", "SESSION_END", "closed");
  }

  @Test
  void connection_thatNeverAnswers_isLostAfterTenSeconds() {
    connection(quiet(60));
    FeedStatus status = run().status();
    assertThat(Duration.ofNanos(nanos - 7)).isEqualTo(Duration.ofSeconds(10));
    assertThat(status.lastError()).startsWith("it has been silent");
    assertThat(log).doesNotContain("connected");
  }

  @Test
  void connection_thatFreezes_isLostTwentySecondsAfterItsLastData() {
    connection(SIGN, quiet(1), quiet(5), new Step.Text("{\"instruction\":0}"), quiet(60));
    run();
    assertThat(Duration.ofNanos(nanos - 7)).isEqualTo(Duration.ofSeconds(26));
    assertThat(pings).isEqualTo(2);
    assertThat(log).endsWith("closed", "revoked", "lost");
  }

  @Test
  void connection_thatAnswersEveryPing_staysForever() {
    List<Step> steps = new ArrayList<>(List.of(SIGN, quiet(1)));
    for (int i = 0; i < 100; i++) {
      steps.add(quiet(i == 0 ? 9 : 10));
      steps.add(SIGN);
    }
    connections.add(new ArrayDeque<>(steps));
    run();
    assertThat(pings).isEqualTo(101);
    assertThat(log).containsExactly("revoked", "connected", "closed", "revoked", "lost");
  }

  @Test
  void attempts_thatFail_waitLongerEachTimeAndRevokeNothing() {
    for (int i = 0; i < 5; i++) {
      connection(new Step.Broken("refused"));
    }
    FeedStatus status = run().status();
    assertThat(pauses)
        .extracting(Duration::toMillis)
        .containsExactly(200L, 1000L, 2000L, 4000L, 8000L);
    assertThat(status.reconnects()).isEqualTo(4);
    assertThat(log).containsOnly("reconnecting").hasSize(4);
  }

  @Test
  void flapping_connectionsThatDoNotLast_waitLongerEachTime() {
    for (int i = 0; i < 4; i++) {
      connection(SIGN, quiet(1), BROKEN);
    }
    run();
    assertThat(pauses).extracting(Duration::toMillis).containsExactly(200L, 1000L, 2000L, 4000L);
    assertThat(log).filteredOn("revoked"::equals).as("gained and lost").hasSize(8);
  }

  @Test
  void connection_thatHasLasted_isFollowedByAQuickAttempt() {
    connection(new Step.Broken("refused"));
    connection(new Step.Broken("refused"));
    connection(
        SIGN, quiet(10), SIGN, quiet(10), SIGN, quiet(10), SIGN, quiet(10), SIGN, quiet(10), SIGN,
        quiet(10), SIGN, BROKEN);
    run();
    assertThat(pauses).extracting(Duration::toMillis).containsExactly(200L, 1000L, 200L);
  }

  @ParameterizedTest
  @ValueSource(strings = {"not JSON", "{}", "{\"instruction\":\"4\"}"})
  void message_thatCannotBeParsed_losesTheConnection(String text) {
    connection(SIGN, quiet(1), new Step.Text(text), new Step.Text(END));
    FeedStatus status = run().status();
    assertThat(log)
        .endsWith("UNREADABLE", "closed", "revoked", "lost")
        .doesNotContain("SESSION_END");
    assertThat(status.lastError()).contains("not an instruction");
  }

  @Test
  void instruction_thatIsUnknown_isIgnored() {
    connection(SIGN, quiet(1), new Step.Text("{\"instruction\":9}"), new Step.Text(END), BROKEN);
    run();
    assertThat(log).containsSubsequence("OTHER", "SESSION_END", "closed");
  }

  @Test
  void failure_unexpected_losesTheConnectionAndReconnects() {
    connection(SIGN, quiet(1), new Step.Crash());
    connection(SIGN, quiet(1), BROKEN);
    run();
    assertThat(log)
        .containsExactly(
            "revoked",
            "connected",
            "closed",
            "revoked",
            "lost",
            "reconnecting",
            "revoked",
            "connected",
            "closed",
            "revoked",
            "lost");
  }

  @Test
  void update_revokesAllAtOnce() {
    connection(SIGN, quiet(1), new Step.Text(UPDATE), BROKEN);
    run();
    assertThat(log).containsSubsequence("connected", "revoked", "UPDATE");
  }
}
