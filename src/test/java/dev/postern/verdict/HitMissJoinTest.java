package dev.postern.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.net.HeaderLine;
import dev.postern.verdict.VerdictListener.NotStored;
import dev.postern.verdict.World.Caller;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Which requests are answered from the store, which call the upstream, and which share a verdict
/// (invariants 2 and 6).
class HitMissJoinTest {
  private static final Ask ALICE = Ask.with("alice");

  private final World world = new World();

  static List<Verdict> notAllows() {
    return List.of(
        Verdicts.challenge("s"),
        Verdicts.deny(),
        Verdicts.other(400),
        Verdicts.other(404),
        Verdicts.other(429),
        Verdicts.down());
  }

  private List<Caller> call(int callers, Ask ask) {
    List<Caller> all = new ArrayList<>();
    for (int i = 0; i < callers; i++) {
      all.add(world.call(ask));
    }
    return all;
  }

  @Test
  void check_hundredCallersOfOneKey_areOneCheckAndShareItsEntry() {
    List<Caller> callers = call(100, ALICE);
    assertThat(world.upstream.checks()).isEqualTo(1);

    world.upstream.answer(world.allow("alice"));

    Entry stored = world.hit(ALICE);
    assertThat(stored).isNotNull();
    assertThat(callers.getFirst().status()).isEqualTo(CacheStatus.MISS);
    assertThat(callers.subList(1, 100))
        .allSatisfy(joined -> {
          assertThat(joined.status()).isEqualTo(CacheStatus.JOINED);
          assertThat(joined.entry()).isSameAs(stored);
        });
    assertThat(world.upstream.checks()).isEqualTo(1);
    assertThat(world.budget.held()).isZero();
  }

  @ParameterizedTest
  @MethodSource("notAllows")
  void check_verdictThatIsNoAllow_letsEachJoinedCallerCheckForItself(Verdict verdict) {
    List<Caller> callers = call(100, ALICE);

    world.upstream.answer(verdict);

    assertThat(callers.getFirst().relayed()).isSameAs(verdict);
    assertThat(world.upstream.checks()).isEqualTo(100);
    for (int i = 1; i < 100; i++) {
      assertThat(callers.get(i).isWaiting()).isTrue();
      Verdict own = Verdicts.challenge("own-" + i);
      world.upstream.question(i).answer(own);
      assertThat(callers.get(i).relayed()).isSameAs(own);
      assertThat(callers.get(i).status()).isEqualTo(CacheStatus.MISS);
    }
    assertThat(world.budget.held()).isZero();
    assertThat(world.cache.entryCount()).isZero();
  }

  @Test
  void check_allowThatIsForOneRequestAlone_isNeitherSharedNorStored() {
    for (String name : List.of("Set-Cookie", "set-cookie", "Location")) {
      World fresh = new World();
      Caller leader = fresh.call(ALICE);
      Caller joined = fresh.call(ALICE);

      fresh.upstream.answer(
          Verdicts.allow("alice", null, new HeaderLine(name, "authentik_proxy_51a54282=new")));

      assertThat(leader.status()).isEqualTo(CacheStatus.MISS);
      assertThat(joined.isWaiting()).as(name).isTrue();
      assertThat(fresh.upstream.checks()).isEqualTo(2);
      assertThat(fresh.isHit(ALICE)).isFalse();
      assertThat(fresh.journal.notStored).containsExactly(NotStored.UNSHAREABLE);
    }
  }

  @Test
  void check_callerWhoLookedBeforeTheCheckEnded_isNotASecondCheck() {
    Question late = world.question(ALICE);
    assertThat(world.cache.hit(late, () -> "192.0.2.1")).isNull();
    world.call(ALICE, world.allow("alice"));

    Caller caller = new Caller();
    world.check(late, caller);

    assertThat(world.upstream.checks()).isEqualTo(1);
    assertThat(caller.entry()).isSameAs(world.hit(ALICE));
    assertThat(world.budget.held()).isZero();
  }

  @Test
  void check_callerWhoseResponseCannotBeWritten_blocksNoOther() {
    Question broken = world.question(ALICE);
    world.cache.check(
        broken,
        "192.0.2.1",
        VerdictSource.Deadline.at(0),
        decision -> {
          throw new IllegalStateException("the connection is gone");
        });
    Caller joined = world.call(ALICE);

    try {
      world.upstream.answer(world.allow("alice"));
    } catch (IllegalStateException expected) {
      assertThat(expected).hasMessage("the connection is gone");
    }

    assertThat(joined.status()).isEqualTo(CacheStatus.JOINED);
    assertThat(world.isHit(ALICE)).isTrue();
    assertThat(world.budget.held()).isZero();
  }

  @Test
  void check_joinedCallerWhoseResponseCannotBeWritten_blocksNoOther() {
    world.call(ALICE);
    world.cache.check(
        world.question(ALICE),
        "192.0.2.1",
        VerdictSource.Deadline.at(0),
        decision -> {
          throw new IllegalStateException("the connection is gone");
        });
    Caller joined = world.call(ALICE);

    try {
      world.upstream.answer(world.allow("alice"));
    } catch (IllegalStateException expected) {
      assertThat(expected).hasMessage("the connection is gone");
    }

    assertThat(joined.status()).isEqualTo(CacheStatus.JOINED);
    assertThat(world.budget.held()).isZero();
  }

  @Test
  void check_joinedCallerThatChecksForItself_keepsItsOwnDeadline() {
    for (Verdict first : List.of(Verdicts.challenge("s"), world.allow("alice"))) {
      World late = new World();
      late.call(ALICE);
      late.pass(Duration.ofSeconds(4));
      late.call(ALICE);
      long leaders = late.upstream.question(0).call().deadline().nanos();
      late.pass(Duration.ofSeconds(9));
      late.cache.revocations().all(RevocationSource.ADMIN);

      late.upstream.question(0).answer(first);

      List<Long> deadlines = new ArrayList<>();
      for (int i = 1; i < late.upstream.checks(); i++) {
        deadlines.add(late.upstream.question(i).call().deadline().nanos());
      }
      long joined = leaders + Duration.ofSeconds(4).toNanos();
      if (first instanceof Verdict.Allow) {
        assertThat(deadlines).as("both check again").containsExactly(leaders, joined);
      } else {
        assertThat(deadlines).containsExactly(joined);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("notAllows")
  void check_freshAnswerThatIsNoAllow_endsTheEntryUnlessUnavailable(Verdict verdict) {
    World refreshing = new World(World.config(0.5, Duration.ZERO, Duration.ZERO));
    refreshing.call(ALICE, refreshing.allow("alice"));
    refreshing.pass(Duration.ofSeconds(31));
    assertThat(refreshing.isHit(ALICE)).isTrue();
    assertThat(refreshing.upstream.checks()).isEqualTo(2);

    refreshing.upstream.answer(verdict);

    assertThat(refreshing.isHit(ALICE)).isEqualTo(verdict instanceof Verdict.Unavailable);
    refreshing.pass(Duration.ofSeconds(29));
    assertThat(refreshing.isHit(ALICE)).isFalse();
  }

  @Test
  void check_allowOnItsWayWhenAnotherCheckWasRefused_isNotStored() {
    Caller leader = world.call(ALICE);
    Caller second = world.call(ALICE);
    world.upstream.question(0).answer(Verdicts.down());
    Caller third = world.call(ALICE);
    assertThat(world.upstream.checks()).isEqualTo(3);

    world.upstream.question(1).answer(Verdicts.challenge("s"));
    world.upstream.question(2).answer(world.allow("alice"));

    assertThat(leader.relayed()).isInstanceOf(Verdict.Unavailable.class);
    assertThat(second.relayed()).isInstanceOf(Verdict.Challenge.class);
    assertThat(third.isWaiting()).as("checked once more").isTrue();
    assertThat(world.journal.notStored).containsExactly(NotStored.SUPERSEDED);
    assertThat(world.journal.removed).as("not even for a moment").isEmpty();
    world.upstream.question(3).answer(world.allow("alice"));
    assertThat(third.relayed()).isInstanceOf(Verdict.Allow.class);
    assertThat(world.isHit(ALICE)).isTrue();
  }

  @Test
  void check_refusalBetweenStoringAndSharing_letsTheJoinedCheckForThemselves() {
    world.call(ALICE);
    world.call(ALICE);
    world.upstream.question(0).answer(Verdicts.down());
    world.cache.check(
        world.question(ALICE),
        "192.0.2.1",
        VerdictSource.Deadline.at(0),
        decision -> world.upstream.question(1).answer(Verdicts.deny()));
    Caller joined = world.call(ALICE);

    world.upstream.question(2).answer(world.allow("alice"));

    assertThat(world.isHit(ALICE)).isFalse();
    assertThat(joined.isWaiting()).isTrue();
    assertThat(world.upstream.checks()).isEqualTo(4);
  }

  @Test
  void check_refusalBetweenVerdictAndStoring_leavesNoEntry() {
    World racing = new World();
    Caller first = racing.call(ALICE);
    racing.call(ALICE);
    racing.upstream.question(0).answer(Verdicts.down());
    racing.call(ALICE);

    racing.onNextReading.set(() -> racing.upstream.question(1).answer(Verdicts.challenge("s")));
    racing.upstream.question(2).answer(racing.allow("alice"));

    assertThat(first.relayed()).isInstanceOf(Verdict.Unavailable.class);
    assertThat(racing.isHit(ALICE)).isFalse();
    assertThat(racing.cache.entryCount()).isZero();
  }

  @Test
  void check_upstreamNamesAnotherApplication_removesAndDoesNotStore() {
    World refreshing = new World(World.config(0.5, Duration.ZERO, Duration.ZERO));
    refreshing.call(ALICE, refreshing.allow("alice"));
    refreshing.pass(Duration.ofSeconds(31));
    refreshing.hit(ALICE);

    refreshing.upstream.answer(
        Verdicts.allow(
            "sub-alice",
            "another",
            new TokenClaims("sub-alice", "sid-alice", refreshing.in(Duration.ofHours(1)))));

    assertThat(refreshing.isHit(ALICE)).isFalse();
    assertThat(refreshing.journal.notStored).containsExactly(NotStored.APPLICATION_CHANGED);
  }

  @Test
  void check_tokenOfAnotherUser_isRelayedAndNotStored() {
    Caller caller =
        world.call(
            ALICE,
            Verdicts.allow(
                "sub-alice",
                "slug",
                new TokenClaims("sub-bob", "sid", world.in(Duration.ofHours(1)))));

    assertThat(caller.relayed()).isInstanceOf(Verdict.Allow.class);
    assertThat(world.isHit(ALICE)).isFalse();
    assertThat(world.journal.notStored).containsExactly(NotStored.UNSHAREABLE);
  }

  @Test
  void check_budgetExhausted_isOverloadWithoutACall() {
    World poor = new World(World.DEFAULTS, 3 << 20);
    Ask large = ALICE.plus("x", "v".repeat(1_900_000));
    Caller first = poor.callFrom("192.0.2.2", large.host("other.test"));

    Caller caller = poor.call(large);

    assertThat(caller.relayed())
        .isInstanceOfSatisfying(
            Verdict.Unavailable.class,
            verdict -> {
              assertThat(verdict.fault()).isEqualTo(Verdict.Fault.OVERLOAD);
              assertThat(verdict.response().status()).isEqualTo(503);
            });
    assertThat(poor.upstream.checks()).isEqualTo(1);
    assertThat(poor.call(large.uri("/?X-authentik-logout=true")).status())
        .isEqualTo(CacheStatus.MISS);
    assertThat(poor.upstream.checks()).isEqualTo(1);
    poor.upstream.answer(Verdicts.deny());
    assertThat(first.relayed()).isInstanceOf(Verdict.Deny.class);
    assertThat(poor.budget.held()).isZero();
  }

  /// Invariants 9 and 12: a client holds at most a quarter of the bytes, whether its requests join
  /// one check or not.
  @Test
  void check_shareOfTheClientInUse_isRefusedForThisClientAlone() {
    World small = new World(World.DEFAULTS, 12 << 20);
    Ask large = ALICE.plus("x", "v".repeat(1_000_000));
    List<Caller> held = List.of(small.call(large), small.call(large), small.call(large));

    Caller refused = small.call(large);

    assertThat(refused.relayed())
        .isInstanceOfSatisfying(
            Verdict.Unavailable.class,
            verdict -> {
              assertThat(verdict.fault()).isEqualTo(Verdict.Fault.CLIENT_SHARE);
              assertThat(verdict.response().status()).isEqualTo(503);
              assertThat(verdict.response().headers().first("Retry-After")).isEqualTo("1");
            });
    Caller other = small.callFrom("192.0.2.2", large);
    assertThat(small.budget.clients()).isEqualTo(2);
    small.upstream.answer(small.allow("alice"));
    assertThat(held.getFirst().relayed()).isInstanceOf(Verdict.Allow.class);
    assertThat(held.subList(1, 3)).allSatisfy(one -> assertThat(one.entry()).isNotNull());
    assertThat(other.entry()).isNotNull();
    assertThat(small.budget.held()).isZero();
    assertThat(small.budget.clients()).isZero();
  }

  @Test
  void check_manyShortHeaderLines_areCountedByWhatTheyHoldInMemory() {
    Ask many = ALICE;
    for (int i = 0; i < 1000; i++) {
      many = many.plus("a", "");
    }

    world.call(many);

    assertThat(world.budget.held()).isGreaterThan(1000 * 48);
  }

  @Test
  void put_moreKeysThanOneCredentialMayHave_areNotStored() {
    for (int i = 0; i < 300; i++) {
      world.call(ALICE.host("h" + i + ".test"), world.allow("alice"));
    }

    assertThat(world.cache.entryCount()).isEqualTo(256);
    assertThat(world.isHit(ALICE.host("h255.test"))).isTrue();
    assertThat(world.isHit(ALICE.host("h256.test"))).isFalse();
  }

  @Test
  void put_credentialAtItsBound_mayStillRenewAnEntry() {
    World refreshing = new World(World.config(0.5, Duration.ZERO, Duration.ZERO));
    for (int i = 0; i < 256; i++) {
      refreshing.call(ALICE.host("h" + i + ".test"), refreshing.allow("alice"));
    }
    refreshing.pass(Duration.ofSeconds(31));
    refreshing.hit(ALICE.host("h7.test"));
    refreshing.upstream.answer(refreshing.allow("alice"));
    refreshing.pass(Duration.ofSeconds(30));

    assertThat(refreshing.isHit(ALICE.host("h7.test"))).isTrue();
    assertThat(refreshing.isHit(ALICE.host("h8.test"))).isFalse();
  }

  @Test
  void hit_entry_repeatsTheHeaderOfThePresentRequestOnlyIfTheUpstreamDid() {
    world.call(
        ALICE.plus("User-Agent", "one"),
        Verdicts.allow(
            "alice",
            null,
            new HeaderLine("User-Agent", "one"),
            new HeaderLine("Date", "now"),
            new HeaderLine("Content-Length", "0"),
            new HeaderLine("X-Custom", "kept")));
    Entry echoing = world.entry(ALICE.plus("User-Agent", "two"));
    assertThat(echoing.echoedHeader()).isEqualTo("User-Agent");
    List<String> names = new ArrayList<>();
    echoing.forEach((name, value) -> names.add(name));
    assertThat(names)
        .containsExactlyInAnyOrder("X-Custom", "X-Authentik-Uid", "X-Authentik-Meta-App");

    Ask bob = Ask.with("bob");
    world.call(
        bob.plus("User-Agent", "one"),
        Verdicts.allow("bob", null, new HeaderLine("User-Agent", "chosen by the upstream")));
    Entry own = world.entry(bob);
    assertThat(own.echoedHeader()).isNull();
    List<String> values = new ArrayList<>();
    own.forEach((name, value) -> values.add(value));
    assertThat(values).contains("chosen by the upstream");

    Ask carol = Ask.with("carol");
    world.call(carol, Verdicts.allow("carol", null, new HeaderLine("user-agent", "")));
    Entry empty = world.entry(carol);
    assertThat(empty.echoedHeader()).isEqualTo("user-agent");
  }
}
