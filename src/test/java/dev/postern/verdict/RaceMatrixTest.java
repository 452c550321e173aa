package dev.postern.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import dev.postern.testing.upstream.Jwt;
import dev.postern.verdict.World.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every event at every moment of every kind of check, in a fixed order of steps: a request after
/// an event is not answered from a check that began before it, and every request is answered once.
class RaceMatrixTest {
  private static final Ask ALICE = Ask.with("alice");

  /// Events that revoke the entries of `alice`.
  enum Event {
    SID,
    SUB,
    APPLICATION,
    ALL,
    SESSION_ENDED,
    FEED_LOST,
    FEED_GAINED,
    SIGN_OUT,
    SIGN_OUT_UNSEEN,
    SIGN_OUT_OF_AN_ALIAS,
    CALLBACK_FLAG,
    CLOCK_SET_BACK,
    CLOCK_SET_FORWARD,
    REFUSAL
  }

  /// When the event happens.
  enum Moment {
    BEFORE_THE_CHECK,
    BEFORE_THE_ANSWER,
    WHILE_THE_ANSWER_IS_JUDGED,
    AFTER_THE_ANSWER
  }

  /// The kind of check that it meets.
  enum Shape {
    ALONE,
    JOINED,
    REFRESH,
    CLIENT_GONE
  }

  private final World world = new World(World.config(0.5, Duration.ofHours(1), Duration.ZERO));
  private final List<Caller> callers = new ArrayList<>();
  private final List<Caller> late = new ArrayList<>();
  private final List<Integer> answeredQuestions = new ArrayList<>();

  static Stream<Arguments> matrix() {
    return Stream.of(Event.values())
        .flatMap(event ->
            Stream.of(Moment.values())
                .flatMap(moment ->
                    Stream.of(Shape.values()).map(shape -> Arguments.of(event, moment, shape))));
  }

  private Verdict allow(String generation) {
    return Verdicts.allow(
        "alice", world.in(Duration.ofHours(9)), new HeaderLine("Generation", generation));
  }

  private void happen(Event event) {
    Revocations revocations = world.cache.revocations();
    switch (event) {
      case SID -> revocations.bySid("sid-alice", RevocationSource.ADMIN);
      case SUB -> revocations.bySub("sub-alice", RevocationSource.ADMIN);
      case APPLICATION -> revocations.byApplication("app.test", RevocationSource.ADMIN);
      case ALL -> revocations.all(RevocationSource.ADMIN);
      case SESSION_ENDED -> revocations.sessionEnded("sid-alice", RevocationSource.WEBSOCKET);
      case FEED_LOST -> revocations.feedLost(RevocationSource.WEBSOCKET);
      case FEED_GAINED -> revocations.feedGained(RevocationSource.WEBSOCKET);
      case SIGN_OUT -> signOut(ALICE, HeaderLines.of(List.of()));
      case SIGN_OUT_UNSEEN ->
          revocations.arrived(world.question(ALICE).credential(), true).settle(null);
      case SIGN_OUT_OF_AN_ALIAS -> {
        String token = Jwt.of("sub-alice", "sid-alice", Instant.parse("2027-01-01T00:00:00Z"));
        String location = "http://idp.test/end-session/?id_token_hint=" + token;
        signOut(Ask.with("alias"), HeaderLines.of(List.of(new HeaderLine("Location", location))));
      }
      case CALLBACK_FLAG ->
          world.call(ALICE.uri("/?X-authentik-auth-callback=true"), Verdicts.challenge("s"));
      case CLOCK_SET_BACK -> world.millis.addAndGet(-3_600_000);
      case CLOCK_SET_FORWARD -> world.millis.addAndGet(3_600_000);
      case REFUSAL -> world.cache.refused(world.question(ALICE));
    }
  }

  private void signOut(Ask ask, HeaderLines answer) {
    world.cache.revocations().arrived(world.question(ask).credential(), true).settle(answer);
  }

  private Caller ask() {
    Caller caller = world.call(ALICE);
    callers.add(caller);
    return caller;
  }

  private void begin(Shape shape) {
    switch (shape) {
      case ALONE -> ask();
      case JOINED -> {
        ask();
        ask();
      }
      case REFRESH -> {
        world.call(ALICE, allow("old"));
        world.pass(Duration.ofSeconds(31));
        ask();
      }
      case CLIENT_GONE ->
          world.cache.check(
              world.question(ALICE),
              "192.0.2.1",
              VerdictSource.Deadline.at(Long.MAX_VALUE),
              decision -> {
                throw new IllegalStateException("the client is gone");
              });
    }
  }

  @ParameterizedTest
  @MethodSource("matrix")
  void anyEvent_atAnyMoment_endsEarlierChecks(Event event, Moment moment, Shape shape) {
    if (moment == Moment.BEFORE_THE_CHECK) {
      happen(event);
    }
    begin(shape);
    int first = world.upstream.checks() - 1;
    if (moment == Moment.BEFORE_THE_ANSWER) {
      happen(event);
      late.add(ask());
    }
    if (moment == Moment.WHILE_THE_ANSWER_IS_JUDGED) {
      world.onNextReading.set(() -> happen(event));
    }
    world.upstream.question(first).answer(allow("old"));
    Runnable unread = world.onNextReading.getAndSet(null);
    if (unread != null || moment == Moment.AFTER_THE_ANSWER) {
      happen(event);
    }
    if (moment != Moment.BEFORE_THE_CHECK) {
      late.add(ask());
    }
    answerAllElse(first);

    assertThat(callers).allSatisfy(caller -> assertThat(caller.decisions).hasSize(1));
    assertThat(late).allSatisfy(caller -> assertThat(generation(caller)).isEqualTo("new"));
    if (moment != Moment.BEFORE_THE_CHECK) {
      late.add(ask());
      answerAllElse(first);
      assertThat(generation(late.getLast())).isEqualTo("new");
    }
    assertThat(world.budget.held()).isZero();
  }

  /// Answers the checks started since, and those that follow from them.
  private void answerAllElse(int first) {
    for (int i = first + 1; i < world.upstream.checks(); i++) {
      if (!world.upstream.question(i).call().request().uri().contains("callback")) {
        answerOnce(i);
      }
    }
  }

  private void answerOnce(int number) {
    if (!answeredQuestions.contains(number)) {
      answeredQuestions.add(number);
      world.upstream.question(number).answer(allow("new"));
    }
  }

  private static String generation(Caller caller) {
    return switch (caller.decision()) {
      case Decision.Relayed(Verdict verdict, var _) ->
          verdict.response().headers().values("Generation").getFirst();
      case Decision.Stored(Entry entry, var _) -> {
        String[] found = new String[1];
        entry.forEach((name, value) -> found[0] = name.equals("Generation") ? value : found[0]);
        yield String.valueOf(found[0]);
      }
    };
  }

  @Test
  void revocationsOfOthers_thatShareEveryStripe_costACheckAndNothingElse() {
    ask();
    ask();
    for (int i = 0; i < 300_000; i++) {
      world.cache.revocations().bySub("other-" + i, RevocationSource.ADMIN);
    }
    world.upstream.question(0).answer(allow("old"));
    assertThat(world.upstream.checks()).as("both are checked once more").isEqualTo(3);
    answerAllElse(0);
    assertThat(world.isHit(ALICE)).isTrue();

    for (int i = 0; i < 300_000; i++) {
      world.cache.revocations().bySub("other-" + i, RevocationSource.ADMIN);
    }
    assertThat(world.isHit(ALICE)).as("too much is ended, never too little").isFalse();
  }
}
