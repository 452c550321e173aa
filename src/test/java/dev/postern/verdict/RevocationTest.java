package dev.postern.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import dev.postern.testing.upstream.Jwt;
import dev.postern.verdict.VerdictListener.NotStored;
import dev.postern.verdict.World.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// No response from a check that began before a revocation (invariants 3 and 5).
class RevocationTest {
  private static final Ask ALICE = Ask.with("alice");
  private static final Ask BOB = Ask.with("bob").host("bob.test");

  private final World world = new World(World.config(0.5, Duration.ofHours(1), Duration.ZERO));

  /// Everything that revokes the entries of `alice` at `app.test`, and not those of `bob` at
  /// `bob.test`.
  enum Kind {
    CREDENTIAL,
    SID,
    SUB,
    APPLICATION_NAME,
    APPLICATION_SLUG,
    ALL;

    void revoke(World world) {
      Revocations revocations = world.cache.revocations();
      switch (this) {
        case CREDENTIAL ->
            revocations
                .arrived(world.question(ALICE).credential(), true)
                .settle(HeaderLines.of(List.of()));
        case SID -> revocations.bySid("sid-alice", RevocationSource.ADMIN);
        case SUB -> revocations.bySub("sub-alice", RevocationSource.ADMIN);
        case APPLICATION_NAME -> revocations.byApplication("app.test", RevocationSource.ADMIN);
        case APPLICATION_SLUG -> revocations.byApplication("slug", RevocationSource.ADMIN);
        case ALL -> revocations.all(RevocationSource.ADMIN);
      }
    }
  }

  private Verdict.Allow bob() {
    return Verdicts.allow(
        "sub-bob",
        "bobs-slug",
        new TokenClaims("sub-bob", "sid-bob", world.in(Duration.ofHours(1))));
  }

  @ParameterizedTest
  @EnumSource
  void revocation_ofAnEntry_endsItAndNoOther(Kind kind) {
    world.call(ALICE, world.allow("alice"));
    world.call(BOB, bob());

    kind.revoke(world);

    assertThat(world.isHit(ALICE)).isFalse();
    assertThat(world.isHit(BOB)).isEqualTo(kind != Kind.ALL);
    assertThat(world.call(ALICE, Verdicts.down()).status())
        .as("no grace after a revocation")
        .isEqualTo(CacheStatus.MISS);
  }

  @ParameterizedTest
  @EnumSource
  void revocation_beforeACheck_doesNotTouchIt(Kind kind) {
    kind.revoke(world);
    world.call(ALICE, world.allow("alice"));
    assertThat(world.isHit(ALICE)).isTrue();
    assertThat(world.journal.notStored).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void revocation_duringACheck_repeatsItAndSharesOnlyTheSecondVerdict(Kind kind) {
    Caller leader = world.call(ALICE);
    Caller before = world.call(ALICE);
    kind.revoke(world);
    Caller after = world.call(ALICE);
    assertThat(world.upstream.checks()).isEqualTo(1);

    world.upstream.question(0).answer(world.allow("alice"));

    for (Caller caller : List.of(leader, before, after)) {
      assertThat(caller.isWaiting()).isTrue();
    }
    assertThat(world.isHit(ALICE)).isFalse();
    assertThat(world.journal.notStored).containsExactly(NotStored.SUPERSEDED);
    Verdict challenge = Verdicts.challenge("s");
    for (int i = 1; i <= 3; i++) {
      world.upstream.question(i).answer(challenge);
    }
    for (Caller caller : List.of(leader, before, after)) {
      assertThat(caller.relayed()).isSameAs(challenge);
    }
    assertThat(world.upstream.checks()).isEqualTo(4);
    assertThat(world.budget.held()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void revocation_duringBothAttempts_isNoVerdict(Kind kind) {
    Caller leader = world.call(ALICE);
    kind.revoke(world);
    world.upstream.question(0).answer(world.allow("alice"));
    kind.revoke(world);
    world.upstream.question(1).answer(world.allow("alice"));

    assertThat(leader.relayed())
        .isInstanceOfSatisfying(
            Verdict.Unavailable.class,
            verdict -> {
              assertThat(verdict.fault()).isEqualTo(Verdict.Fault.OVERTAKEN);
              assertThat(verdict.response().status()).isEqualTo(503);
              assertThat(verdict.response().headers().first("Retry-After")).isEqualTo("1");
            });
    assertThat(world.upstream.checks()).isEqualTo(2);
    assertThat(world.isHit(ALICE)).isFalse();
    assertThat(world.cache.entryCount()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void revocation_duringARefresh_endsTheEntryAndTheRefresh(Kind kind) {
    world.call(ALICE, world.allow("alice"));
    world.pass(Duration.ofSeconds(31));
    assertThat(world.isHit(ALICE)).isTrue();
    assertThat(world.upstream.checks()).isEqualTo(2);

    kind.revoke(world);

    assertThat(world.isHit(ALICE)).isFalse();
    Caller joined = world.call(ALICE);
    world.upstream.question(1).answer(world.allow("alice"));
    assertThat(joined.isWaiting()).isTrue();
    assertThat(world.isHit(ALICE)).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void revocation_betweenStoringAndAnsweringTheJoined_letsThemCheckAgain(Kind kind) {
    List<Decision> leader = new ArrayList<>();
    world.cache.check(
        world.question(ALICE),
        "192.0.2.1",
        VerdictSource.Deadline.at(0),
        decision -> {
          leader.add(decision);
          kind.revoke(world);
        });
    Caller joined = world.call(ALICE);

    world.upstream.answer(world.allow("alice"));

    assertThat(leader).hasSize(1);
    assertThat(joined.isWaiting()).isTrue();
    assertThat(world.upstream.checks()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void revocation_ofAnAllowForOneRequestAlone_repeatsTheCheck(Kind kind) {
    Caller leader = world.call(ALICE);
    kind.revoke(world);
    world.upstream.answer(
        Verdicts.allow(
            "alice", world.in(Duration.ofHours(1)), new HeaderLine("Set-Cookie", "a=b")));

    assertThat(leader.isWaiting()).isTrue();
    assertThat(world.upstream.checks()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void revocation_ofAnAllowWithAnExpiredToken_repeatsTheCheck(Kind kind) {
    Caller leader = world.call(ALICE);
    kind.revoke(world);
    world.upstream.answer(Verdicts.allow("alice", world.in(Duration.ofSeconds(-1))));

    assertThat(leader.isWaiting()).isTrue();
    assertThat(world.upstream.checks()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void revocation_duringABypass_repeatsItOnce(Kind kind) {
    Ask ambiguous = ALICE.plus("Cookie", Ask.COOKIE + "=alice");
    Caller caller = world.call(ambiguous);
    assertThat(world.question(ambiguous).key()).isNull();
    kind.revoke(world);
    world.upstream.answer(world.allow("alice"));
    assertThat(caller.isWaiting()).isTrue();
    kind.revoke(world);
    world.upstream.answer(world.allow("alice"));

    assertThat(caller.status()).isEqualTo(CacheStatus.BYPASS);
    assertThat(faultOf(caller)).isEqualTo(Verdict.Fault.OVERTAKEN);
    assertThat(world.upstream.checks()).isEqualTo(2);
    assertThat(world.budget.held()).isZero();
  }

  private static Verdict.@Nullable Fault faultOf(Caller caller) {
    return caller.relayed() instanceof Verdict.Unavailable(var _, var fault) ? fault : null;
  }

  /// A flag that the upstream did not act on: the response is an allow like any other.
  @ParameterizedTest
  @EnumSource
  void revocation_duringACheckWithAFlag_repeatsItOnce(Kind kind) {
    Ask flagged = ALICE.uri("/page?q=x-authentik-logout");
    Caller caller = world.call(flagged);
    kind.revoke(world);
    world.upstream.question(0).answer(world.allow("alice"));
    assertThat(caller.isWaiting()).isTrue();
    world.upstream.question(1).answer(Verdicts.challenge("s"));
    assertThat(caller.relayed()).isInstanceOf(Verdict.Challenge.class);

    Caller twice = world.call(flagged);
    kind.revoke(world);
    world.upstream.question(2).answer(world.allow("alice"));
    kind.revoke(world);
    world.upstream.question(3).answer(world.allow("alice"));
    assertThat(faultOf(twice)).isEqualTo(Verdict.Fault.OVERTAKEN);
    assertThat(world.budget.held()).isZero();
  }

  @Test
  void flag_notOvertaken_isSentOnce() {
    Caller caller = world.call(ALICE.uri("/page?q=x-authentik-logout"));
    world.upstream.answer(world.allow("alice"));
    assertThat(caller.relayed())
        .as("its own event does not count")
        .isInstanceOf(Verdict.Allow.class);
    assertThat(world.upstream.checks()).isOne();
  }

  @Test
  void revocation_duringACheckOfAnOpenPath_repeatsIt() {
    World open = new World(World.config(1, Duration.ZERO, Duration.ofSeconds(30)));
    Caller caller = open.call(Ask.anonymous());
    open.cache.revocations().byApplication("app.test", RevocationSource.ADMIN);
    open.upstream.answer(Verdicts.open());
    assertThat(caller.isWaiting()).isTrue();
    assertThat(open.isHit(Ask.anonymous())).isFalse();
    open.upstream.answer(Verdicts.open());
    assertThat(open.isHit(Ask.anonymous())).isTrue();

    open.cache.revocations().all(RevocationSource.ADMIN);
    assertThat(open.isHit(Ask.anonymous())).isFalse();
  }

  @Test
  void revocation_count_isTheRemovedEntries() {
    for (int i = 0; i < 5; i++) {
      world.call(ALICE.host("h" + i + ".test"), world.allow("alice"));
    }
    world.call(BOB, bob());
    assertThat(world.cache.revocations().byApplication("h1.test", RevocationSource.ADMIN))
        .isEqualTo(1);
    assertThat(world.cache.revocations().bySub("sub-alice", RevocationSource.ADMIN)).isEqualTo(4);
    assertThat(world.cache.revocations().bySub("sub-alice", RevocationSource.ADMIN)).isZero();
    assertThat(world.cache.revocations().all(RevocationSource.ADMIN)).isEqualTo(1);
  }

  @Test
  void event_ofOneCookie_endsItsSessionUnderEveryOtherCookie() {
    Ask alias = Ask.with("another-string-for-the-same-session").host("other.test");
    world.call(ALICE, world.allow("alice"));
    world.call(alias, world.allow("alice"));

    OutpostEvent event =
        world.cache.revocations().arrived(world.question(ALICE).credential(), true);

    assertThat(world.isHit(ALICE)).isFalse();
    assertThat(world.isHit(alias)).isFalse();
    world.call(ALICE, world.allow("alice"));
    world.call(alias, world.allow("alice"));
    event.settle(null);
    assertThat(world.isHit(ALICE)).isFalse();
    assertThat(world.isHit(alias)).isFalse();
  }

  @Test
  void event_withUnknownOutcome_preventsStoringForAMinute() {
    Ask alias = Ask.with("another-string-for-the-same-session").host("other.test");
    world.call(ALICE, world.allow("alice"));
    world.call(BOB, bob());

    world.cache.revocations().arrived(world.question(ALICE).credential(), true).settle(null);

    assertThat(world.call(ALICE, world.allow("alice")).relayed()).isInstanceOf(Verdict.Allow.class);
    assertThat(world.isHit(ALICE)).as("the upstream may not have signed out yet").isFalse();
    world.call(alias, world.allow("alice"));
    assertThat(world.isHit(alias)).as("another cookie of the session").isFalse();
    assertThat(world.journal.notStored)
        .containsExactly(NotStored.SESSION_ENDED, NotStored.SESSION_ENDED);
    assertThat(world.isHit(BOB)).isTrue();
    Ask carol = Ask.with("carol").host("carol.test");
    world.call(carol, world.allow("carol"));
    assertThat(world.isHit(carol)).isTrue();
    world.pass(SessionEnds.OUTCOME_UNKNOWN);
    world.call(ALICE, world.allow("alice"));
    assertThat(world.isHit(ALICE)).isTrue();
  }

  @Test
  void flag_withUnknownOutcome_preventsStoring() {
    world.call(ALICE.uri("/?X-authentik-logout=true"), Verdicts.down());
    world.call(ALICE, world.allow("alice"));
    assertThat(world.isHit(ALICE)).isFalse();
  }

  @Test
  void event_settledLate_endsChecksBegunMeanwhile() {
    OutpostEvent event =
        world.cache.revocations().arrived(world.question(ALICE).credential(), true);
    Caller during = world.call(ALICE);
    event.settle(HeaderLines.of(List.of()));

    world.upstream.answer(world.allow("alice"));

    assertThat(during.isWaiting()).isTrue();
    world.upstream.answer(Verdicts.challenge("s"));
    assertThat(during.relayed()).isInstanceOf(Verdict.Challenge.class);
  }

  @Test
  void event_redirectWithTokenHint_endsTheSessionThatTheHintNames() {
    Ask alias = Ask.with("alias");
    world.call(alias, world.allow("alice"));
    String token = Jwt.of("sub-alice", "sid-alice", Instant.parse("2027-01-01T00:00:00Z"));
    for (String location :
        List.of(
            "http://idp.test/end-session?id_token_hint=" + token,
            "http://idp.test/application/o/a/end-session?a=b&id_token_hint=" + token + "&c=d",
            "http://idp.test/end-session?id_token_hint=" + token.replace(".", "%2E"))) {
      world.call(alias, world.allow("alice"));
      assertThat(world.isHit(alias)).isTrue();
      world
          .cache
          .revocations()
          .arrived(world.question(Ask.with("unknown")).credential(), true)
          .settle(HeaderLines.of(List.of(new HeaderLine("location", location))));
      assertThat(world.isHit(alias)).as(location).isFalse();
    }
  }

  /// A token counts only where the upstream itself puts it. Elsewhere in the URL a client may have
  /// chosen it.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://app.test/page?id_token_hint=TOKEN",
        "/outpost.goauthentik.io/start?rd=https://app.test/end-session/?id_token_hint=TOKEN",
        "https://idp.test/end-session/#?id_token_hint=TOKEN",
        "https://idp.test/?x=/end-session/&id_token_hint=TOKEN",
        "https://idp.test/end-session/?next=a%26id_token_hint=TOKEN",
        "https://idp.test/end-session/?x_id_token_hint=TOKEN",
        "https://idp.test/end-session/id_token_hint=TOKEN",
        "https://idp.test/bend-session/?id_token_hint=TOKEN"
      })
  void event_redirectWithATokenElsewhere_endsNoSession(String location) {
    Ask alias = Ask.with("alias");
    world.call(alias, world.allow("alice"));
    String token = Jwt.of("sub-alice", "sid-alice", Instant.parse("2027-01-01T00:00:00Z"));
    world
        .cache
        .revocations()
        .arrived(world.question(Ask.with("unknown")).credential(), true)
        .settle(
            HeaderLines.of(List.of(new HeaderLine("Location", location.replace("TOKEN", token)))));
    assertThat(world.isHit(alias)).isTrue();
  }

  /// The value from before a login stays valid beside the one from after it
  /// (docs/design/authentik.md section 2.1).
  @Test
  void signOut_byTheValueFromBeforeTheLogin_endsTheOneFromAfterIt() {
    Ask after = Ask.with("from-after-the-login");
    Ask before = Ask.with("from-before-the-login");
    world.call(after, world.allow("alice"));
    OutpostEvent event =
        world.cache.revocations().arrived(world.question(before).credential(), true);
    assertThat(world.isHit(after)).as("not known to be one session").isTrue();

    // Its client is gone; the response is read anyway.
    String token = Jwt.of("sub-alice", "sid-alice", Instant.parse("2027-01-01T00:00:00Z"));
    event.settle(
        HeaderLines.of(
            List.of(
                new HeaderLine(
                    "Location",
                    "https://idp.test/application/o/app/end-session/?id_token_hint=" + token))));

    assertThat(world.isHit(after)).isFalse();
    assertThat(world.call(after, Verdicts.challenge("s")).relayed())
        .isInstanceOf(Verdict.Challenge.class);
  }

  /// A sign-in redirects to the URL that its client requested before.
  @Test
  void signIn_redirectWithAHint_endsNoSession() {
    world.call(ALICE, world.allow("alice"));
    String token = Jwt.of("sub-alice", "sid-alice", Instant.parse("2027-01-01T00:00:00Z"));
    world
        .cache
        .revocations()
        .arrived(world.question(Ask.with("mallory")).credential(), false)
        .settle(
            HeaderLines.of(
                List.of(
                    new HeaderLine(
                        "Location", "https://app.test/x/end-session/?id_token_hint=" + token))));
    assertThat(world.isHit(ALICE)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "/outpost.goauthentik.io/sign_out, '', true",
    "/outpost.goauthentik.io/sign_out/, rd=x, true",
    "'', /p?X-authentik-logout=true, true",
    "'', /p?x%2Dauthentik-logout, true",
    "/outpost.goauthentik.io/callback, code=1, false",
    "/outpost.goauthentik.io/start, '', false",
    "/outpost.goauthentik.io/callback, X-authentik-logout=true, false",
    "/outpost.goauthentik.io/sign_out, X-authentik-auth-callback=true, false",
    "'', /p?X-authentik-auth-callback=true&X-authentik-logout=true, false",
    "'', /p, false"
  })
  void onlySignsOut_hasNoPartInSigningIn(String path, String text, boolean expected) {
    assertThat(World.PRESET.onlySignsOut(path, text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"al%69ce", "%61lice", "%61%6C%69%63%65"})
  void event_cookieWithEscapesInItsValue_endsTheEntry(String spelling) {
    world.call(ALICE, world.allow("alice"));
    world.cache.revocations().arrived(world.question(Ask.with(spelling)).credential(), true);
    assertThat(world.isHit(ALICE)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"%", "%zz", "a.b.c", "..", "e30.e30.e30", "", "%FF.%FF.%FF", "a.!!!.c"})
  void event_redirectWithABrokenHint_stillRevokesTheCredential(String hint) {
    world.call(ALICE, world.allow("alice"));
    OutpostEvent event =
        world.cache.revocations().arrived(world.question(ALICE).credential(), true);
    world.call(ALICE, world.allow("alice"));
    event.settle(
        HeaderLines.of(List.of(new HeaderLine("Location", "/end-session/?id_token_hint=" + hint))));
    assertThat(world.isHit(ALICE)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"\"alice\"", "alice ", " alice", "alice\t"})
  void event_otherSpellingThatTheOutpostAccepts_endsTheEntry(String spelling) {
    world.call(ALICE, world.allow("alice"));
    world.cache.revocations().arrived(world.question(Ask.with(spelling)).credential(), true);
    assertThat(world.isHit(ALICE)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/?X-authentik-auth-callback=true",
        "/p?a=b&X-authentik-logout=true",
        "/p?x-AUTHENTIK-logout",
        "/p?X%2Dauthentik%2dlogout=true",
        "/p?a=b;X-authentik-logout=TRUE",
        "/p?%58-%61uthentik-auth-callback=1&code=c",
        "/p?next=%2F%3FX-authentik-logout%3Dtrue"
      })
  void flag_inTheForwardedQuery_bypassesTheCacheAndRevokes(String uri) {
    world.call(ALICE, world.allow("alice"));
    assertThat(world.question(ALICE.uri(uri)).key()).isNull();
    assertThat(world.question(ALICE.subQuery(uri.substring(uri.indexOf('?') + 1))).key()).isNull();

    Caller flagged = world.call(ALICE.uri(uri));

    assertThat(world.isHit(ALICE)).as("on arrival").isFalse();
    world.call(ALICE, world.allow("alice"));
    world.upstream.question(1).answer(world.allow("alice"));
    assertThat(world.isHit(ALICE)).as("when the response has arrived").isFalse();
    assertThat(flagged.status()).isEqualTo(CacheStatus.BYPASS);
    assertThat(world.upstream.checks())
        .as("a callback is sent once: " + uri.toLowerCase(Locale.ROOT))
        .isEqualTo(3);
  }

  @Test
  void epochs_sharedStripes_endTooMuchNeverTooLittle() {
    Epochs few = new Epochs(2);
    long began = few.now();
    few.advance(4);
    assertThat(few.movedSince(began, 4)).isTrue();
    assertThat(few.movedSince(began, 6)).as("same stripe").isTrue();
    assertThat(few.movedSince(began, 5)).as("another stripe").isFalse();
    long later = few.now();
    assertThat(few.movedSince(later, new long[] {4, 5, 6}, 0)).isFalse();
    few.advance(4);
    assertThat(few.movedSince(later, new long[] {4, 5, 7}, 0)).isTrue();
    assertThat(few.movedSince(later, new long[] {4, 5, 7}, 1)).isFalse();
    few.advanceAll();
    assertThat(few.movedSince(later, new long[0], 0)).isTrue();
    assertThat(few.movedSince(few.now(), new long[] {4, 5}, 0)).isFalse();
  }
}
