package dev.postern.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.net.HeaderLine;
import dev.postern.routing.Application;
import dev.postern.routing.Application.Policy;
import dev.postern.verdict.VerdictListener.NotStored;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SharingTest {
  private static final Policy SHARED = new Policy(null, "", "", true);

  private final World world = new World();

  SharingTest() {
    world.applications = request -> new Application("everything", true, 1, SHARED);
  }

  private Verdict allow(String name) {
    return allow(name, "catch-all", "client-1");
  }

  private Verdict allow(String name, String slug, @Nullable String audience) {
    long expiry = world.in(Duration.ofHours(1));
    return Verdicts.allow(
        "sub-" + name, slug, new TokenClaims("sub-" + name, "sid-" + name, audience, expiry));
  }

  private static Ask ask(String session, String host) {
    return Ask.with(session).host(host);
  }

  @Test
  void sharedCatchAll_furtherHosts_costOneCheckEachNotOneForEachSession() {
    world.call(ask("alice", "a.test"), allow("alice"));
    assertThat(world.isHit(ask("alice", "a.test"))).isTrue();
    assertThat(world.isHit(ask("alice", "b.test"))).isFalse();
    world.call(ask("alice", "b.test"), allow("alice"));
    assertThat(world.isHit(ask("alice", "b.test"))).isTrue();
    assertThat(world.isHit(ask("bob", "a.test"))).isFalse();
    world.call(ask("bob", "a.test"), allow("bob"));
    assertThat(world.entry(ask("bob", "b.test")).status()).isEqualTo(200);
    assertThat(world.entry(ask("alice", "b.test"))).isNotSameAs(world.entry(ask("bob", "b.test")));
  }

  @Test
  void sharedCatchAll_manyColdRequestsToANewHost_costOneCheck() {
    world.call(ask("alice", "a.test"), allow("alice"));
    world.forgetPast();
    World.Caller first = world.call(ask("alice", "b.test"));
    World.Caller joined = world.call(ask("alice", "b.test"));
    Question late = world.question(ask("alice", "b.test"));
    world.upstream.answer(allow("alice"));
    World.Caller afterwards = new World.Caller();
    world.check(late, afterwards);
    assertThat(first.status()).isEqualTo(CacheStatus.MISS);
    assertThat(joined.status()).isEqualTo(CacheStatus.JOINED);
    assertThat(afterwards.status()).isEqualTo(CacheStatus.HIT);
    assertThat(world.upstream.checks()).isEqualTo(1);
  }

  @Test
  void notShared_sameApplication_checksEachHost() {
    world.applications =
        request -> new Application("everything", true, 1, new Policy(null, "", "", false));
    world.call(ask("alice", "a.test"), allow("alice"));
    world.call(ask("bob", "b.test"), allow("bob"));
    assertThat(world.isHit(ask("alice", "b.test"))).isFalse();
    assertThat(world.isHit(ask("bob", "a.test"))).isFalse();
  }

  static Stream<Arguments> otherGroups() {
    return Stream.of(
        Arguments.of("another slug", "individual", "client-1"),
        Arguments.of("another audience", "catch-all", "client-2"),
        Arguments.of("no audience", "catch-all", null),
        Arguments.of("no slug", "", "client-1"));
  }

  /// An individual application that is known only to the upstream.
  @ParameterizedTest(name = "{0}")
  @MethodSource("otherGroups")
  void hostOfAnotherApplication_neverGetsNorGivesAVerdict(
      String name, String slug, @Nullable String audience) {
    world.call(ask("bob", "vault.test"), allow("bob", slug, audience));
    world.call(ask("alice", "a.test"), allow("alice"));
    assertThat(world.isHit(ask("alice", "vault.test"))).isFalse();
    assertThat(world.isHit(ask("bob", "a.test"))).isFalse();
    assertThat(world.isHit(ask("bob", "vault.test"))).as("its own").isTrue();
  }

  @Test
  void subjectThatIsNotTheUser_bindsNothing() {
    long expiry = world.in(Duration.ofHours(1));
    Verdict odd =
        Verdicts.allow("sub-x", "catch-all", new TokenClaims(null, "sid-x", "client-1", expiry));
    world.call(ask("bob", "b.test"), odd);
    world.call(ask("alice", "a.test"), allow("alice"));
    assertThat(world.isHit(ask("alice", "b.test"))).isFalse();
  }

  @Test
  void binding_afterTtl_isNoLongerValid() {
    world.call(ask("alice", "b.test"), allow("alice"));
    world.pass(Duration.ofSeconds(40));
    world.call(ask("bob", "a.test"), allow("bob"));
    assertThat(world.isHit(ask("bob", "b.test"))).isTrue();
    world.pass(Duration.ofSeconds(20));
    assertThat(world.isHit(ask("bob", "a.test"))).as("its own binding is younger").isTrue();
    assertThat(world.isHit(ask("bob", "b.test"))).isFalse();
    world.call(ask("bob", "b.test"), allow("bob"));
    assertThat(world.isHit(ask("bob", "b.test"))).isTrue();
  }

  @Test
  void otherGeneration_findsNothingOfTheOldOne() {
    world.call(ask("alice", "a.test"), allow("alice"));
    world.call(ask("bob", "b.test"), allow("bob"));
    Question old = world.question(ask("alice", "a.test"));
    world.applications = request -> new Application("everything", true, 2, SHARED);
    assertThat(world.isHit(ask("alice", "a.test"))).isFalse();
    World.Caller late = new World.Caller();
    world.cache.revocations().all(RevocationSource.CONFIGURATION);
    world.check(old, late);
    world.upstream.answer(allow("alice"));
    assertThat(world.isHit(ask("alice", "a.test"))).as("stored by the old question").isFalse();
    world.call(ask("alice", "a.test"), allow("alice"));
    assertThat(world.isHit(ask("alice", "b.test"))).as("bound in the old generation").isFalse();
  }

  @Test
  void hostWithContradictoryApplications_isBoundToNeither() {
    world.call(ask("alice", "a.test"), allow("alice"));
    world.call(ask("alice", "tie.test"), allow("alice"));
    world.call(ask("bob", "tie.test"), allow("bob", "other", "client-2"));
    assertThat(world.journal.notStored).contains(NotStored.APPLICATION_CHANGED);
    assertThat(world.isHit(ask("alice", "tie.test"))).isFalse();
    world.call(ask("bob", "tie.test"), allow("bob"));
    assertThat(world.isHit(ask("bob", "tie.test"))).as("flips back").isFalse();
    assertThat(world.isHit(ask("alice", "a.test"))).as("others are not affected").isTrue();
  }

  @Test
  void refusalAtOneHost_endsTheCredentialsEntriesOnAll() {
    world.call(ask("alice", "a.test"), allow("alice"));
    world.call(ask("bob", "a.test"), allow("bob"));
    world.call(ask("alice", "b.test"), Verdicts.challenge("s"));
    assertThat(world.isHit(ask("alice", "a.test"))).isFalse();
    assertThat(world.isHit(ask("bob", "a.test"))).isTrue();
  }

  static Stream<Arguments> revocations() {
    return Stream.of(
        Arguments.of("sid", (Revoke) r -> r.bySid("sid-alice", RevocationSource.ADMIN)),
        Arguments.of("sub", (Revoke) r -> r.bySub("sub-alice", RevocationSource.ADMIN)),
        Arguments.of("name", (Revoke) r -> r.byApplication("everything", RevocationSource.ADMIN)),
        Arguments.of("slug", (Revoke) r -> r.byApplication("catch-all", RevocationSource.ADMIN)),
        Arguments.of("host", (Revoke) r -> r.byApplication("a.test", RevocationSource.ADMIN)),
        Arguments.of("all", (Revoke) r -> r.all(RevocationSource.ADMIN)));
  }

  interface Revoke {
    int by(Revocations revocations);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("revocations")
  void revocation_ofEachKind_endsASharedVerdictOnAllHosts(String kind, Revoke revoke) {
    world.call(ask("bob", "b.test"), allow("bob"));
    world.call(ask("alice", "a.test"), allow("alice"));
    assertThat(world.isHit(ask("alice", "b.test"))).isTrue();
    assertThat(revoke.by(world.cache.revocations())).isPositive();
    assertThat(world.isHit(ask("alice", "a.test"))).isFalse();
    assertThat(world.isHit(ask("alice", "b.test"))).isFalse();
  }

  @Test
  void signOutAtOneHost_endsASharedVerdictOnAllHosts() {
    world.call(ask("bob", "b.test"), allow("bob"));
    world.call(ask("alice", "a.test"), allow("alice"));
    Credential credential = world.question(ask("alice", "b.test")).credential();
    world.cache.revocations().arrived(credential, true).settle(null);
    assertThat(world.isHit(ask("alice", "a.test"))).isFalse();
    assertThat(world.isHit(ask("alice", "b.test"))).isFalse();
  }

  @Test
  void expectedApplication_answeredByAnother_isRelayedAndNotStored() {
    for (Policy policy :
        List.of(new Policy(null, "vault", "", false), new Policy(null, "", "client-9", false))) {
      world.applications = request -> new Application("vault", true, 1, policy);
      World.Caller caller = world.call(ask("alice", "vault.test"), allow("alice"));
      assertThat(caller.relayed()).isInstanceOf(Verdict.Allow.class);
      assertThat(world.isHit(ask("alice", "vault.test"))).isFalse();
    }
    assertThat(world.journal.notStored)
        .containsExactly(NotStored.WRONG_APPLICATION, NotStored.WRONG_APPLICATION);
  }

  @Test
  void ttlOfTheApplication_shorterLongerAndNone_boundsTheLife() {
    world.applications =
        request ->
            new Application(
                request.host(),
                true,
                1,
                new Policy(
                    Duration.ofSeconds(Long.parseLong(request.host().replace(".test", ""))),
                    "",
                    "",
                    false));
    for (String host : List.of("0.test", "5.test", "90.test")) {
      world.call(ask("alice", host), allow("alice"));
    }
    assertThat(world.isHit(ask("alice", "0.test"))).isFalse();
    assertThat(world.isHit(ask("alice", "5.test"))).isTrue();
    world.pass(Duration.ofSeconds(5));
    assertThat(world.isHit(ask("alice", "5.test"))).isFalse();
    world.pass(Duration.ofSeconds(84));
    assertThat(world.isHit(ask("alice", "90.test"))).isTrue();
    world.pass(Duration.ofSeconds(1));
    assertThat(world.isHit(ask("alice", "90.test"))).isFalse();
  }

  @Test
  void refresh_ofASharedVerdict_servesAllHostsAndBindsTheOneThatAsked() {
    World renewing = new World(World.config(0.5, Duration.ZERO, Duration.ZERO));
    renewing.applications = request -> new Application("everything", true, 1, SHARED);
    renewing.call(ask("bob", "b.test"), allow("bob"));
    renewing.call(ask("alice", "a.test"), allow("alice"));
    renewing.pass(Duration.ofSeconds(31));
    assertThat(renewing.isHit(ask("alice", "a.test"))).isTrue();
    renewing.upstream.answer(allow("alice"));
    renewing.pass(Duration.ofSeconds(40));
    assertThat(renewing.isHit(ask("alice", "a.test"))).isTrue();
    assertThat(renewing.isHit(ask("alice", "b.test"))).as("bound longer ago than ttl").isFalse();
  }

  @Test
  void headersOfTheEntry_areThoseOfTheSessionNotOfTheHost() {
    world.call(ask("bob", "b.test"), allow("bob"));
    world.call(ask("alice", "a.test"), allow("alice"));
    List<HeaderLine> lines = List.of(world.entry(ask("alice", "b.test")).lines());
    assertThat(lines).contains(new HeaderLine("X-Authentik-Uid", "sub-alice"));
  }

  @Test
  void allowWithoutAToken_atABoundHost_servesNoOther() {
    world.call(ask("alice", "a.test"), allow("alice"));
    world.call(ask("alice", "c.test"), allow("alice"));
    world.call(ask("bob", "c.test"), Verdicts.allow("sub-bob", "vault", null));
    assertThat(world.isHit(ask("bob", "a.test"))).isFalse();
  }

  @Test
  void allowWithoutAnAudience_atABoundHost_servesNoOther() {
    world.call(ask("alice", "a.test"), allow("alice"));
    world.call(ask("alice", "c.test"), allow("alice"));
    world.call(ask("bob", "c.test"), allow("bob", "vault", null));
    assertThat(world.isHit(ask("bob", "a.test"))).isFalse();
  }

  @Test
  void joinedAtAnotherHost_doesNotGetTheAllowOfAnotherApplication() {
    world.call(ask("bob", "c.test"), allow("bob"));
    world.pass(Duration.ofSeconds(30));
    world.call(ask("bob", "a.test"), allow("bob"));
    world.pass(Duration.ofMillis(29_500));
    World.Caller atC = world.call(ask("alice", "c.test"));
    World.Caller atA = world.call(ask("alice", "a.test"));
    world.pass(Duration.ofSeconds(1));
    world.upstream.answer(allow("alice", "vault", "client-2"));
    assertThat(atC.status()).isEqualTo(CacheStatus.MISS);
    assertThat(atA.isWaiting()).as("makes its own check").isTrue();
  }

  @Test
  void hostThatChangedOnce_isStoredAgain() {
    world.call(ask("alice", "c.test"), allow("alice"));
    for (int i = 0; i < 60; i++) {
      world.pass(Duration.ofSeconds(30));
      world.call(ask("alice", "c.test"), allow("alice", "renamed", "client-1"));
    }
    assertThat(world.isHit(ask("alice", "c.test"))).as("after half an hour").isTrue();
  }

  @Test
  void unexpectedApplication_atABoundHost_unbindsIt() {
    world.applications =
        request -> new Application("everything", true, 1, new Policy(null, "catch-all", "", true));
    world.call(ask("bob", "a.test"), allow("bob"));
    world.call(ask("alice", "c.test"), allow("alice"));
    world.call(ask("carol", "c.test"), allow("carol", "vault", "client-2"));
    assertThat(world.isHit(ask("bob", "c.test"))).isFalse();
  }

  @Test
  void lateVerdictOfAnOlderTable_isNotFoundInThePresentOne() {
    world.applications = request -> Application.ofHost(request.host(), 1);
    Question old = world.question(ask("alice", "a.test"));
    world.applications = request -> Application.ofHost(request.host(), 2);
    world.cache.revocations().all(RevocationSource.CONFIGURATION);
    world.check(old, new World.Caller());
    world.upstream.answer(allow("alice"));
    assertThat(world.isHit(ask("alice", "a.test"))).isFalse();
  }
}
