package dev.postern.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.verdict.World.Caller;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Refresh before the end of an entry, and stale entries while the upstream is down (invariants 4
/// and 7).
class RefreshAndStaleTest {
  private static final Ask ALICE = Ask.with("alice");

  private static World refreshing() {
    World world = new World(World.config(0.8, Duration.ZERO, Duration.ZERO));
    world.call(ALICE, world.allow("alice"));
    return world;
  }

  private static World graceful() {
    return new World(World.config(1.0, Duration.ofSeconds(30), Duration.ZERO));
  }

  @Test
  void refresh_beforeItsTime_isNotDone() {
    World world = refreshing();
    world.pass(Duration.ofMillis(47_999));
    assertThat(world.isHit(ALICE)).isTrue();
    assertThat(world.upstream.checks()).isEqualTo(1);
  }

  @Test
  void refresh_hundredHits_areOneCheckInTheBackground() {
    World world = refreshing();
    world.pass(Duration.ofSeconds(48));
    for (int i = 0; i < 100; i++) {
      assertThat(world.isHit(ALICE)).isTrue();
    }
    assertThat(world.upstream.checks()).isEqualTo(2);
    world.pass(Duration.ofSeconds(5));
    assertThat(world.isHit(ALICE)).isTrue();
    assertThat(world.upstream.checks()).as("still the same check").isEqualTo(2);

    world.upstream.answer(world.allow("alice"));

    world.pass(Duration.ofMillis(54_999));
    assertThat(world.isHit(ALICE)).as("counted from the start of the refresh").isTrue();
    world.pass(Duration.ofMillis(1));
    assertThat(world.isHit(ALICE)).isFalse();
  }

  @Test
  void refresh_unavailable_isRetriedAfterAPauseAndProlongsNothing() {
    World world = refreshing();
    world.pass(Duration.ofSeconds(48));
    world.hit(ALICE);
    world.upstream.answer(Verdicts.down());
    assertThat(world.isHit(ALICE)).isTrue();
    assertThat(world.upstream.checks()).isEqualTo(2);
    world.pass(Duration.ofSeconds(1));
    assertThat(world.isHit(ALICE)).isTrue();
    assertThat(world.upstream.checks()).isEqualTo(3);
    world.upstream.answer(Verdicts.down());
    world.pass(Duration.ofSeconds(11));
    assertThat(world.isHit(ALICE)).isFalse();
    assertThat(world.budget.held()).isZero();
  }

  @Test
  void refresh_callerAfterTheEnd_joinsTheRefresh() {
    World world = refreshing();
    world.pass(Duration.ofSeconds(59));
    world.hit(ALICE);
    world.pass(Duration.ofSeconds(1));
    Caller joined = world.call(ALICE);
    assertThat(world.upstream.checks()).isEqualTo(2);

    world.upstream.answer(world.allow("alice"));

    assertThat(joined.status()).isEqualTo(CacheStatus.JOINED);
  }

  @Test
  void refresh_budgetExhausted_isSkippedAndTheHitAnswers() {
    World world = new World(World.config(0.8, Duration.ZERO, Duration.ZERO), 5000);
    world.call(ALICE, world.allow("alice"));
    assertThat(world.budget.take("192.0.2.9", 5000)).isNull();
    world.pass(Duration.ofSeconds(50));
    assertThat(world.isHit(ALICE)).isTrue();
    assertThat(world.upstream.checks()).isEqualTo(1);
  }

  @Test
  void stale_offByDefault_relaysTheFailure() {
    World world = new World();
    world.call(ALICE, world.allow("alice"));
    world.pass(Duration.ofSeconds(61));
    Verdict down = Verdicts.down();
    assertThat(world.call(ALICE, down).relayed()).isSameAs(down);
  }

  @Test
  void stale_unavailable_answersWithinTheGraceAndNotAfter() {
    World world = graceful();
    world.call(ALICE, world.allow("alice"));
    world.pass(Duration.ofMillis(89_999));
    assertThat(world.isHit(ALICE)).isFalse();
    assertThat(world.call(ALICE, Verdicts.down()).status()).isEqualTo(CacheStatus.STALE);
    world.pass(Duration.ofMillis(1));
    assertThat(world.call(ALICE, Verdicts.down()).status()).isEqualTo(CacheStatus.MISS);
  }

  @Test
  void stale_wallClockAheadWithinTheSkew_endsTheGraceToo() {
    World world = graceful();
    world.call(ALICE, world.allow("alice"));
    world.pass(Duration.ofSeconds(86));
    world.millis.addAndGet(4000);
    assertThat(world.call(ALICE, Verdicts.down()).status()).isEqualTo(CacheStatus.MISS);
  }

  @Test
  void stale_expiryBeforeTheGraceEnds_endsIt() {
    World world = graceful();
    world.call(ALICE, Verdicts.allow("alice", world.in(Duration.ofSeconds(70))));
    world.pass(Duration.ofMillis(64_999));
    assertThat(world.call(ALICE, Verdicts.down()).status()).isEqualTo(CacheStatus.STALE);
    world.pass(Duration.ofMillis(1));
    assertThat(world.call(ALICE, Verdicts.down()).status()).isEqualTo(CacheStatus.MISS);
  }

  @Test
  void stale_withoutKnownExpiry_neverAnswers() {
    World world = graceful();
    world.call(ALICE, Verdicts.allow("alice", (Long) null));
    world.pass(Duration.ofSeconds(10));
    assertThat(world.call(ALICE, Verdicts.down()).status()).isEqualTo(CacheStatus.MISS);
  }

  @Test
  void stale_challenge_isRelayedAndEndsTheGrace() {
    World world = graceful();
    world.call(ALICE, world.allow("alice"));
    world.pass(Duration.ofSeconds(61));
    assertThat(world.call(ALICE, Verdicts.challenge("s")).relayed())
        .isInstanceOf(Verdict.Challenge.class);
    assertThat(world.call(ALICE, Verdicts.down()).status()).isEqualTo(CacheStatus.MISS);
  }

  @Test
  void stale_revoked_neverAnswers() {
    World world = graceful();
    world.call(ALICE, world.allow("alice"));
    world.pass(Duration.ofSeconds(61));
    Caller caller = world.call(ALICE);
    world.cache.revocations().bySid("sid-alice", RevocationSource.ADMIN);
    world.upstream.answer(Verdicts.down());
    assertThat(caller.status()).isEqualTo(CacheStatus.MISS);
  }

  @Test
  void stale_clockJumpedSince_neverAnswers() {
    World world = graceful();
    world.call(ALICE, world.allow("alice"));
    world.pass(Duration.ofSeconds(61));
    Caller caller = world.call(ALICE);
    world.millis.addAndGet(-30_000);
    world.upstream.answer(Verdicts.down());
    assertThat(caller.status()).isEqualTo(CacheStatus.MISS);
  }

  @Test
  void stale_joinedCallers_eachHaveTheirOwnCheckAndTheGrace() {
    World world = graceful();
    world.call(ALICE, world.allow("alice"));
    world.pass(Duration.ofSeconds(61));
    Caller leader = world.call(ALICE);
    Caller joined = world.call(ALICE);
    world.upstream.answer(Verdicts.down());
    assertThat(leader.status()).isEqualTo(CacheStatus.STALE);
    assertThat(joined.isWaiting()).isTrue();
    world.upstream.answer(Verdicts.down());
    assertThat(joined.status()).isEqualTo(CacheStatus.STALE);
  }

  @Test
  void stale_shortTimeoutOption_isNoOutage() {
    World world = graceful();
    world.call(ALICE, world.allow("alice"));
    world.pass(Duration.ofSeconds(61));
    for (Verdict.Fault fault : List.of(Verdict.Fault.OPTION_TIMEOUT, Verdict.Fault.OVERLOAD)) {
      Caller caller = new Caller();
      world.cache.check(
          world.question(ALICE),
          "192.0.2.1",
          new VerdictSource.Deadline(world.nanos.get() + 1, true),
          caller.decisions::add);
      Verdict ended = Verdict.Unavailable.because(fault);
      world.upstream.answer(ended);
      assertThat(caller.relayed()).isSameAs(ended);
    }
    Verdict overload = Verdict.Unavailable.because(Verdict.Fault.OVERLOAD);
    assertThat(world.call(ALICE, overload).status())
        .as("within the configured time")
        .isEqualTo(CacheStatus.STALE);
  }
}
