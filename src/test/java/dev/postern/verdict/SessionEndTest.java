package dev.postern.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.verdict.VerdictListener.NotStored;
import dev.postern.verdict.World.Caller;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// A session end during check, store, join and refresh, in every order and without a real clock.
class SessionEndTest {
  private static final Ask ALICE = Ask.with("alice");
  private static final Ask BOB = Ask.with("bob");

  private final World world = new World(World.config(0.5, Duration.ofHours(1), Duration.ZERO));
  private final Revocations revocations = world.cache.revocations();

  private void end(String name) {
    revocations.sessionEnded("sid-" + name, RevocationSource.WEBSOCKET);
  }

  @Test
  void end_ofAStoredSession_endsItAndNoOther() {
    world.call(ALICE, world.allow("alice"));
    world.call(BOB, world.allow("bob"));

    end("alice");

    assertThat(world.isHit(ALICE)).isFalse();
    assertThat(world.isHit(BOB)).isTrue();
    assertThat(world.call(ALICE, Verdicts.down()).status())
        .as("no grace for a session that has ended")
        .isEqualTo(CacheStatus.MISS);
  }

  @Test
  void end_duringACheck_repeatsItAndStoresNothing() {
    Caller caller = world.call(ALICE);
    end("alice");
    world.upstream.answer(world.allow("alice"));
    assertThat(caller.isWaiting()).as("an allow from before the end is not used").isTrue();
    assertThat(world.upstream.checks()).isEqualTo(2);

    world.upstream.answer(world.allow("alice"));

    assertThat(caller.relayed()).as("checking is possible").isInstanceOf(Verdict.Allow.class);
    assertThat(world.isHit(ALICE)).as("not stored").isFalse();
    assertThat(world.journal.notStored).contains(NotStored.SESSION_ENDED);
  }

  @Test
  void end_thenAChallenge_isRelayed() {
    world.call(ALICE, world.allow("alice"));
    end("alice");
    Caller caller = world.call(ALICE, Verdicts.challenge("s"));
    assertThat(caller.relayed()).isInstanceOf(Verdict.Challenge.class);
  }

  @Test
  void end_beforeTheUpstreamDropsTheSession_sharesNothingWithTheJoined() {
    end("alice");
    Caller leader = world.call(ALICE);
    Caller joined = world.call(ALICE);
    assertThat(world.upstream.checks()).isOne();

    world.upstream.question(0).answer(world.allow("alice"));

    assertThat(leader.relayed()).isInstanceOf(Verdict.Allow.class);
    assertThat(joined.isWaiting()).as("makes its own check").isTrue();
    world.upstream.answer(Verdicts.challenge("s"));
    assertThat(joined.relayed()).isInstanceOf(Verdict.Challenge.class);
    assertThat(world.isHit(ALICE)).isFalse();
  }

  @Test
  void end_betweenJoinAndVerdict_preventsSharing() {
    Caller leader = world.call(ALICE);
    Caller joined = world.call(ALICE);
    end("alice");
    world.upstream.question(0).answer(world.allow("alice"));
    assertThat(leader.isWaiting()).isTrue();
    assertThat(joined.isWaiting()).isTrue();
    assertThat(world.upstream.checks()).isEqualTo(3);
  }

  @Test
  void end_duringARefresh_isNotUndoneByItsVerdict() {
    world.call(ALICE, world.allow("alice"));
    world.pass(Duration.ofSeconds(31));
    assertThat(world.isHit(ALICE)).isTrue();
    assertThat(world.upstream.checks()).as("the refresh").isEqualTo(2);

    end("alice");
    world.upstream.answer(world.allow("alice"));

    assertThat(world.isHit(ALICE)).isFalse();
  }

  @Test
  void end_beforeARefreshThatStillAllows_removesTheEntry() {
    world.call(ALICE, world.allow("alice"));
    end("alice");
    world.call(ALICE, world.allow("alice"));
    assertThat(world.isHit(ALICE)).isFalse();
  }

  @Test
  void end_inTheMiddleOfTheStore_leavesNothingToHit() {
    Caller caller = world.call(ALICE);
    world.onNextReading.set(() -> end("alice"));
    world.upstream.answer(world.allow("alice"));
    assertThat(world.isHit(ALICE)).isFalse();
    assertThat(caller.decisions).hasSizeLessThanOrEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource({"0, false", "400, false", "4999, false", "5000, true", "60000, true"})
  void check_begunAfterTheEnd_isStoredOnlyOnceTheUpstreamHasDroppedIt(long millis, boolean stored) {
    end("alice");
    world.pass(Duration.ofMillis(millis));
    world.call(ALICE, world.allow("alice"));
    assertThat(world.isHit(ALICE)).isEqualTo(stored);
  }

  @Test
  void check_begunBeforeTheUpstreamDroppedIt_isNeverStored() {
    end("alice");
    Caller caller = world.call(ALICE);
    world.pass(Duration.ofSeconds(9));
    world.upstream.answer(world.allow("alice"));
    assertThat(caller.relayed()).isInstanceOf(Verdict.Allow.class);
    assertThat(world.isHit(ALICE)).isFalse();
  }

  @Test
  void login_ofTheSameCookieWithANewSession_isStoredAtOnce() {
    world.call(ALICE, world.allow("alice"));
    end("alice");
    world.call(
        ALICE,
        Verdicts.allow(
            "sub-alice",
            "slug",
            new TokenClaims("sub-alice", "sid-new", world.in(Duration.ofHours(1)))));
    assertThat(world.isHit(ALICE)).isTrue();
  }

  @Test
  void feedLost_entries_areRevokedAndLivesAreShort() {
    World still = new World(World.config(1, Duration.ofHours(1), Duration.ZERO));
    still.call(ALICE, still.allow("alice"));
    still.cache.revocations().feedLost(RevocationSource.WEBSOCKET);
    assertThat(still.isHit(ALICE)).isFalse();

    still.call(ALICE, still.allow("alice"));
    still.pass(World.DEFAULTS.ttlWithoutSession().minusMillis(1));
    assertThat(still.isHit(ALICE)).isTrue();
    still.pass(Duration.ofMillis(1));
    assertThat(still.isHit(ALICE)).isFalse();
    assertThat(still.call(ALICE, Verdicts.down()).status())
        .as("no grace while ends are not reported")
        .isEqualTo(CacheStatus.MISS);
  }

  @Test
  void feedLost_duringACheck_keepsItsLifeShort() {
    Caller caller = world.call(ALICE);
    revocations.feedLost(RevocationSource.WEBSOCKET);
    world.upstream.answer(world.allow("alice"));
    world.upstream.answer(world.allow("alice"));
    assertThat(caller.isWaiting()).isFalse();
    world.pass(World.DEFAULTS.ttlWithoutSession());
    assertThat(world.isHit(ALICE)).isFalse();
  }

  @Test
  void feedGained_whatWasStoredMeanwhile_isRevokedAndLivesAreLongAgain() {
    revocations.feedLost(RevocationSource.WEBSOCKET);
    world.call(ALICE, world.allow("alice"));
    revocations.feedGained(RevocationSource.WEBSOCKET);
    assertThat(world.isHit(ALICE)).isFalse();

    world.pass(SessionEnds.DROP_DELAY);
    world.call(ALICE, world.allow("alice"));
    world.pass(World.DEFAULTS.ttl().minusMillis(1));
    assertThat(world.isHit(ALICE)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"0, false", "400, false", "4999, false", "5000, true"})
  void feedGained_endJustBeforeUnreported_keepsLivesShort(long millis, boolean isLong) {
    World still = new World(World.config(1, Duration.ofHours(1), Duration.ZERO));
    still.cache.revocations().feedLost(RevocationSource.WEBSOCKET);
    still.cache.revocations().feedGained(RevocationSource.WEBSOCKET);
    still.pass(Duration.ofMillis(millis));
    Caller caller = still.call(ALICE);
    still.pass(Duration.ofSeconds(6));

    still.upstream.answer(still.allow("alice"));

    assertThat(caller.relayed()).isInstanceOf(Verdict.Allow.class);
    assertThat(still.isHit(ALICE)).isTrue();
    still.pass(World.DEFAULTS.ttlWithoutSession().minusSeconds(6));
    assertThat(still.isHit(ALICE)).as("counted from the start of the check").isEqualTo(isLong);
    if (!isLong) {
      assertThat(still.call(ALICE, Verdicts.down()).status())
          .as("no grace while an end may have been missed")
          .isEqualTo(CacheStatus.MISS);
    }
  }

  @Test
  void feedGained_duringACheck_repeatsIt() {
    revocations.feedLost(RevocationSource.WEBSOCKET);
    Caller caller = world.call(ALICE);
    revocations.feedGained(RevocationSource.WEBSOCKET);
    world.upstream.answer(world.allow("alice"));
    assertThat(caller.isWaiting()).isTrue();
    assertThat(world.upstream.checks()).isEqualTo(2);
  }

  @Test
  void openPath_whileTheFeedIsLost_livesShort() {
    World open = new World(World.config(1, Duration.ZERO, Duration.ofMinutes(5)));
    open.cache.revocations().feedLost(RevocationSource.WEBSOCKET);
    open.call(Ask.anonymous(), Verdicts.open());
    assertThat(open.isHit(Ask.anonymous())).isTrue();
    open.pass(World.DEFAULTS.ttlWithoutSession());
    assertThat(open.isHit(Ask.anonymous())).isFalse();
  }

  @Test
  void ends_hundredThousand_needNoMoreMemoryAndEndEverySession() {
    world.call(ALICE, world.allow("alice"));
    for (int i = 0; i < 100_000; i++) {
      end("other-" + i);
    }
    end("alice");
    assertThat(world.isHit(ALICE)).isFalse();
    world.pass(SessionEnds.DROP_DELAY);
    world.call(ALICE, world.allow("alice"));
    assertThat(world.isHit(ALICE)).as("nothing is blocked for longer").isTrue();
  }

  @ParameterizedTest
  @CsvSource({"0, false", "8999, false", "14999, false", "15000, true"})
  void upstreamChanges_checksUntilItHasReloaded_liveForASecond(long millis, boolean isLong) {
    World still = new World(World.config(1, Duration.ofHours(1), Duration.ZERO));
    still.call(ALICE, still.allow("alice"));
    still.cache.revocations().upstreamChanges(RevocationSource.WEBSOCKET);
    assertThat(still.isHit(ALICE)).as("what was known is revoked").isFalse();

    still.pass(Duration.ofMillis(millis));
    Caller caller = still.call(ALICE);
    still.pass(Duration.ofMillis(400));
    still.upstream.answer(still.allow("alice"));
    assertThat(caller.relayed()).isInstanceOf(Verdict.Allow.class);
    assertThat(still.isHit(ALICE)).isTrue();
    still.pass(Duration.ofMillis(600));
    assertThat(still.isHit(ALICE)).as("by when the check began").isEqualTo(isLong);
    if (!isLong) {
      assertThat(still.call(ALICE, Verdicts.down()).status())
          .as("no grace for what may be outdated")
          .isEqualTo(CacheStatus.MISS);
    }
  }

  @Test
  void upstreamChanges_duringACheck_repeatsIt() {
    Caller caller = world.call(ALICE);
    revocations.upstreamChanges(RevocationSource.WEBSOCKET);
    world.upstream.answer(world.allow("alice"));
    assertThat(caller.isWaiting()).isTrue();
    world.upstream.answer(world.allow("alice"));
    world.pass(SessionEnds.LIFE_WHILE_RELOADING);
    assertThat(world.isHit(ALICE)).isFalse();
  }

  @Test
  void upstreamChanges_openPath_livesForASecond() {
    World open = new World(World.config(1, Duration.ZERO, Duration.ofMinutes(5)));
    open.cache.revocations().upstreamChanges(RevocationSource.WEBSOCKET);
    open.call(Ask.anonymous(), Verdicts.open());
    assertThat(open.isHit(Ask.anonymous())).isTrue();
    open.pass(SessionEnds.LIFE_WHILE_RELOADING);
    assertThat(open.isHit(Ask.anonymous())).isFalse();
  }
}
