package dev.postern.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.routing.Application;
import dev.postern.verdict.VerdictListener.NotStored;
import dev.postern.verdict.World.Caller;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How long an entry may be served (invariant 4). The defaults: ttl 60 s, ttlWithoutSession 10 s,
/// skew 5 s.
class EntryLifeTest {
  private static final Ask ALICE = Ask.with("alice");

  private final World world = new World();

  private TokenClaims claims(@Nullable String sub, @Nullable String sid, @Nullable Long expiry) {
    return new TokenClaims(sub, sid, expiry);
  }

  private void store(@Nullable TokenClaims token) {
    world.call(ALICE, Verdicts.allow("sub-alice", "slug", token));
  }

  /// Checks that an entry is served until just before a moment, but not at it.
  private void assertLife(Duration life, Ask ask) {
    world.pass(life.minusMillis(1));
    assertThat(world.isHit(ask)).as("just before " + life).isTrue();
    world.pass(Duration.ofMillis(1));
    assertThat(world.isHit(ask)).as("at " + life).isFalse();
  }

  @Test
  void life_session_isTheTtl() {
    store(claims("sub-alice", "sid-alice", world.in(Duration.ofHours(1))));
    assertLife(Duration.ofSeconds(60), ALICE);
  }

  @Test
  void life_hits_neverProlongIt() {
    store(claims("sub-alice", "sid-alice", world.in(Duration.ofHours(1))));
    for (int second = 1; second < 60; second++) {
      world.pass(Duration.ofSeconds(1));
      assertThat(world.isHit(ALICE)).isTrue();
    }
    world.pass(Duration.ofSeconds(1));
    assertThat(world.isHit(ALICE)).isFalse();
  }

  @Test
  void life_tokenThatExpiresSooner_endsAtItsExpiryMinusSkew() {
    store(claims("sub-alice", "sid-alice", world.in(Duration.ofSeconds(20))));
    assertLife(Duration.ofSeconds(15), ALICE);
  }

  @Test
  void life_withoutSid_isTheShortOne() {
    store(claims("sub-alice", null, world.in(Duration.ofHours(1))));
    assertLife(Duration.ofSeconds(10), ALICE);
  }

  @Test
  void life_withoutExp_isTheShortOne() {
    store(claims("sub-alice", "sid-alice", null));
    assertLife(Duration.ofSeconds(10), ALICE);
  }

  @Test
  void life_withoutToken_isTheShortOne() {
    store(null);
    assertLife(Duration.ofSeconds(10), ALICE);
  }

  @Test
  void life_withAuthorization_isTheShortOne() {
    Ask ask = ALICE.plus("Authorization", "Basic eA==");
    world.call(ask, world.allow("alice"));
    assertLife(Duration.ofSeconds(10), ask);
  }

  @Test
  void life_withoutSidAndExpirySooner_isTheExpiry() {
    store(claims("sub-alice", null, world.in(Duration.ofSeconds(8))));
    assertLife(Duration.ofSeconds(3), ALICE);
  }

  @Test
  void life_slowCheck_countsFromItsBeginning() {
    Caller caller = world.call(ALICE);
    world.pass(Duration.ofSeconds(9));
    world.upstream.answer(world.allow("alice"));
    assertThat(caller.isWaiting()).isFalse();
    assertLife(Duration.ofSeconds(51), ALICE);
  }

  @ParameterizedTest
  @ValueSource(longs = {5000, 4999, 0, -1, -3_600_000})
  void expiry_passedOrWithinTheSkew_isRelayedCountedAndNotStored(long millisLeft) {
    Caller caller =
        world.call(ALICE, Verdicts.allow("alice", world.in(Duration.ofMillis(millisLeft))));

    assertThat(caller.relayed()).isInstanceOf(Verdict.Allow.class);
    assertThat(world.isHit(ALICE)).isFalse();
    assertThat(world.journal.notStored).containsExactly(NotStored.EXPIRED_TOKEN);
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, Long.MIN_VALUE + 1, -9_223_372_036_854_775_000L})
  void expiry_farInThePast_doesNotOverflow(long expiry) {
    world.call(ALICE, Verdicts.allow("alice", expiry));

    assertThat(world.isHit(ALICE)).isFalse();
    assertThat(world.journal.notStored).containsExactly(NotStored.EXPIRED_TOKEN);
  }

  @Test
  void expiry_farInTheFuture_isBoundByTheTtl() {
    world.call(ALICE, Verdicts.allow("alice", Long.MAX_VALUE));
    assertLife(Duration.ofSeconds(60), ALICE);
  }

  @Test
  void expiry_passed_removesTheEntry() {
    World refreshing = new World(World.config(0.5, Duration.ZERO, Duration.ZERO));
    refreshing.call(ALICE, refreshing.allow("alice"));
    refreshing.pass(Duration.ofSeconds(31));
    refreshing.hit(ALICE);

    refreshing.upstream.answer(Verdicts.allow("alice", refreshing.in(Duration.ofSeconds(-1))));

    assertThat(refreshing.isHit(ALICE)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "59999, 55001, false",
    "55001, 59999, false",
    "60000, 55001, true",
    "55001, 60000, true"
  })
  void life_earlierOfTickerAndWallClock_endsIt(long tickerMillis, long wallMillis, boolean ended) {
    store(claims("sub-alice", "sid-alice", world.in(Duration.ofHours(1))));

    world.nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(tickerMillis));
    world.millis.addAndGet(wallMillis);

    assertThat(world.isHit(ALICE)).isEqualTo(!ended);
    assertThat(world.journal.jumps).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"5000, false", "-5000, false", "5001, true", "-5001, true", "3600000, true"})
  void clock_jumpAboveTheSkew_revokesEverything(long jump, boolean revokes) {
    store(claims("sub-alice", "sid-alice", world.in(Duration.ofHours(9))));

    world.millis.addAndGet(jump);

    assertThat(world.isHit(ALICE)).isEqualTo(!revokes);
    assertThat(world.journal.jumps).hasSize(revokes ? 1 : 0);
    assertThat(world.journal.revoked).hasSize(revokes ? 1 : 0);
    world.call(Ask.with("bob"), world.allow("bob"));
    assertThat(world.isHit(Ask.with("bob"))).as("works with the new time").isTrue();
  }

  @Test
  void clock_smallSteps_addUpToAJump() {
    store(claims("sub-alice", "sid-alice", world.in(Duration.ofHours(9))));
    world.millis.addAndGet(-3000);
    assertThat(world.isHit(ALICE)).isTrue();
    world.millis.addAndGet(-3000);
    assertThat(world.isHit(ALICE)).isFalse();
  }

  @Test
  void clock_jumpDuringACheck_overtakesIt() {
    Caller caller = world.call(ALICE);
    world.millis.addAndGet(-3_600_000);
    world.upstream.answer(Verdicts.allow("alice", world.in(Duration.ofMinutes(30))));

    if (caller.isWaiting()) {
      world.upstream.answer(world.allow("alice"));
    }
    assertThat(world.hit(ALICE)).isNull();
  }

  @Test
  void clock_machineSlept_endsEverything() {
    store(claims("sub-alice", "sid-alice", world.in(Duration.ofHours(9))));
    world.millis.addAndGet(Duration.ofHours(8).toMillis());
    world.nanos.addAndGet(1);
    assertThat(world.isHit(ALICE)).isFalse();
    assertThat(world.cache.entryCount()).isZero();
  }

  @Test
  void anonymous_storedOnlyWhereConfigured() {
    world.call(Ask.anonymous(), Verdicts.open());
    assertThat(world.isHit(Ask.anonymous())).isFalse();
    assertThat(world.question(Ask.anonymous()).key()).isNull();

    World open = new World(World.config(1, Duration.ZERO, Duration.ofSeconds(7)));
    open.call(Ask.anonymous(), Verdicts.open());
    open.pass(Duration.ofMillis(6999));
    assertThat(open.isHit(Ask.anonymous())).isTrue();
    assertThat(open.isHit(ALICE)).as("never an identity").isFalse();
    open.pass(Duration.ofMillis(1));
    assertThat(open.isHit(Ask.anonymous())).isFalse();
  }

  @Test
  void anonymous_withSetCookie_isNotStored() {
    World open = new World(World.config(1, Duration.ZERO, Duration.ofSeconds(7)));
    open.call(Ask.anonymous(), Verdicts.open(new dev.postern.net.HeaderLine("Set-Cookie", "a=b")));
    assertThat(open.isHit(Ask.anonymous())).isFalse();
    assertThat(open.journal.notStored).containsExactly(NotStored.UNSHAREABLE);
  }

  private void bound(@Nullable Duration ttl) {
    world.applications =
        request ->
            new Application(request.host(), false, 0, new Application.Policy(ttl, "", "", false));
  }

  @Test
  void life_questionWithLessTtl_isNotAnsweredByAnOlderEntryOfItsKey() {
    store(claims("sub-alice", "sid-alice", world.in(Duration.ofHours(1))));
    bound(Duration.ofSeconds(5));
    assertThat(world.isHit(ALICE)).isTrue();
    world.pass(Duration.ofMillis(4_999));
    assertThat(world.isHit(ALICE)).isTrue();
    world.pass(Duration.ofMillis(1));
    assertThat(world.isHit(ALICE)).isFalse();
    assertThat(world.call(ALICE, Verdicts.deny()).relayed()).isInstanceOf(Verdict.Deny.class);
    bound(null);
    assertThat(world.isHit(ALICE)).as("a refusal ends it for all").isFalse();
  }

  @Test
  void life_entryOfAQuestionWithLessTtl_endsSooner() {
    bound(Duration.ofSeconds(5));
    store(claims("sub-alice", "sid-alice", world.in(Duration.ofHours(1))));
    bound(null);
    assertLife(Duration.ofSeconds(5), ALICE);
  }

  @ParameterizedTest
  @MethodSource("dev.postern.verdict.HitMissJoinTest#notAllows")
  void life_questionWithoutTtl_checksByItselfAndItsRefusalEndsTheEntryOfOthers(Verdict verdict) {
    store(claims("sub-alice", "sid-alice", world.in(Duration.ofHours(1))));
    bound(Duration.ZERO);
    assertThat(world.isHit(ALICE)).isFalse();
    world.upstream.forget();
    Caller caller = world.call(ALICE);
    Caller second = world.call(ALICE);
    assertThat(world.upstream.checks()).as("does not join").isEqualTo(2);

    world.upstream.answer(verdict);

    assertThat(second.decision()).isEqualTo(new Decision.Relayed(verdict, CacheStatus.BYPASS));
    assertThat(caller.isWaiting()).isTrue();
    bound(null);
    assertThat(world.isHit(ALICE)).isEqualTo(verdict instanceof Verdict.Unavailable);
  }

  @Test
  void life_questionWithoutTtl_refusedDuringAnotherCheck_supersedesItsAllow() {
    Caller other = world.call(ALICE);
    bound(Duration.ZERO);
    world.call(ALICE, Verdicts.deny());
    bound(null);

    world.upstream.question(0).answer(world.allow("alice"));

    assertThat(other.isWaiting()).as("checks again").isTrue();
    assertThat(world.isHit(ALICE)).isFalse();
  }

  @Test
  void life_questionWithoutTtl_storesNothingAndItsAllowEndsNothing() {
    bound(Duration.ZERO);
    world.call(ALICE, world.allow("alice"));
    bound(null);
    assertThat(world.isHit(ALICE)).isFalse();
    assertThat(world.journal.notStored).isEmpty();

    store(claims("sub-alice", "sid-alice", world.in(Duration.ofHours(1))));
    bound(Duration.ZERO);
    world.call(ALICE, world.allow("alice"));
    bound(null);
    assertThat(world.isHit(ALICE)).isTrue();
  }

  @Test
  void life_joinedQuestionWithLessTtlThanTheCheckTook_checksByItself() {
    Caller leader = world.call(ALICE);
    world.pass(Duration.ofMillis(2_500));
    bound(Duration.ofSeconds(1));
    Caller hurried = world.call(ALICE);
    bound(Duration.ofSeconds(4));
    Caller joined = world.call(ALICE);
    world.pass(Duration.ofMillis(500));

    world.upstream.question(0).answer(world.allow("alice"));

    assertThat(leader.status()).isEqualTo(CacheStatus.MISS);
    assertThat(joined.status()).isEqualTo(CacheStatus.JOINED);
    assertThat(hurried.isWaiting()).isTrue();
    Verdict own = Verdicts.deny();
    world.upstream.question(1).answer(own);
    assertThat(hurried.relayed()).isSameAs(own);
    assertThat(world.upstream.checks()).isEqualTo(2);
  }
}
