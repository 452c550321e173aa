package dev.postern.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.net.HeaderLines;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Which credentials count as having a session: only those that got an allow.
class KnownSessionsTest {
  private static final Ask ALICE = Ask.with("alice");
  private static final Ask BASIC = Ask.anonymous().plus("Authorization", "Basic eDp5");

  private final World world = new World();

  private boolean isKnown(Ask ask) {
    return world.cache.isKnownSession(world.question(ask).credential());
  }

  @Test
  void sent_butNeverAllowed_isNotKnown() {
    assertThat(isKnown(Ask.anonymous())).isFalse();
    for (Verdict verdict :
        new Verdict[] {
          Verdicts.challenge("s"), Verdicts.deny(), Verdicts.other(404), Verdicts.down()
        }) {
      world.call(ALICE, verdict);
      assertThat(isKnown(ALICE)).isFalse();
    }
    world.call(Ask.anonymous(), Verdicts.open());
    assertThat(isKnown(Ask.anonymous())).isFalse();
  }

  @Test
  void allowed_isKnownOnEveryHostAndBesideOtherCookies() {
    world.call(ALICE, world.allow("alice"));
    assertThat(isKnown(ALICE.host("other.test"))).isTrue();
    assertThat(isKnown(ALICE.plus("Cookie", "authentik_proxy_b=invented"))).isTrue();
    assertThat(isKnown(Ask.with("bob"))).isFalse();
  }

  @Test
  void allowed_isKnownAfterItsEntryHasGone() {
    world.call(ALICE, world.allow("alice"));
    world.pass(Duration.ofMinutes(5));
    world.forgetPast();
    assertThat(isKnown(ALICE)).isTrue();
  }

  @Test
  void revoked_isNotKnownUntilItsNextAllow() {
    List<Runnable> revocations =
        List.of(
            () -> world.cache.revocations().bySid("sid-alice", RevocationSource.ADMIN),
            () -> world.cache.revocations().bySub("sub-alice", RevocationSource.ADMIN),
            () -> world.cache.revocations().sessionEnded("sid-alice", RevocationSource.WEBSOCKET),
            () -> world.cache.revocations().all(RevocationSource.ADMIN));
    for (Runnable revocation : revocations) {
      world.pass(SessionEnds.OUTCOME_UNKNOWN);
      world.call(ALICE, world.allow("alice"));
      assertThat(isKnown(ALICE)).isTrue();
      revocation.run();
      assertThat(isKnown(ALICE)).isFalse();
    }
  }

  @Test
  void signedOut_isNoLongerKnown_evenIfTheOutcomeIsUnknown() {
    for (HeaderLines outcome : new HeaderLines[] {HeaderLines.of(List.of()), null}) {
      world.pass(SessionEnds.OUTCOME_UNKNOWN);
      assertThat(isKnownAfterAllow("alice")).isTrue();
      world.cache.revocations().arrived(world.question(ALICE).credential(), true).settle(outcome);
      assertThat(isKnown(ALICE)).isFalse();
    }
  }

  @Test
  void cookiesBesideAValidOne_areNotKnownWhereTheyAreAmbiguous() {
    Ask many = ALICE;
    for (int i = 0; i < 64; i++) {
      many = many.plus("Cookie", "authentik_proxy_" + i + "=invented-" + i);
    }
    world.call(many, world.allow("alice"));
    assertThat(isKnown(Ask.with("invented-1"))).isFalse();
  }

  @Test
  void cookiesBesideAValidOne_becomeKnownInABoundedNumberOnly() {
    int known = 0;
    for (int i = 0; i < 500; i++) {
      known += isKnownAfterAllow("invented-" + i) ? 1 : 0;
      world.pass(Duration.ofMillis(50));
    }
    assertThat(known).isEqualTo(64);

    world.pass(Duration.ofMinutes(1));
    assertThat(isKnownAfterAllow("late")).isTrue();
  }

  /// Allowed, but not stored, because of the flag.
  private boolean isKnownAfterAllow(String session) {
    world.call(Ask.with(session).uri("/?x-authentik-auth-callback=true"), world.allow("alice"));
    return isKnown(Ask.with(session));
  }

  @Test
  void allowed_pastTheCache_isKnown() {
    Ask flagged = ALICE.uri("/?q=x-authentik-logout");
    world.call(flagged, world.allow("alice"));
    assertThat(isKnown(ALICE)).isTrue();
  }

  @Test
  void challenged_isNoLongerKnown() {
    world.call(ALICE, world.allow("alice"));
    world.cache.revocations().bySid("sid-alice", RevocationSource.ADMIN);
    world.call(ALICE, Verdicts.challenge("s"));
    assertThat(isKnown(ALICE)).isFalse();
  }

  @Test
  void challengedByOneApplication_isKnownByAnAllowOfAnother() {
    world.call(ALICE, world.allow("alice"));
    world.call(ALICE.host("other.test"), Verdicts.challenge("s"));
    assertThat(isKnown(ALICE)).isTrue();
  }

  @Test
  void authorizationBesideASession_isNotKnownByItself() {
    world.call(ALICE.plus("Authorization", "Basic eDp5"), world.allow("alice"));
    assertThat(isKnown(BASIC)).isFalse();

    world.call(BASIC, world.allow("alice"));
    assertThat(isKnown(BASIC)).isTrue();
  }

  @Test
  void inventedCookies_byTheThousand_displaceNoSession() {
    world.call(ALICE, world.allow("alice"));
    for (int i = 0; i < 20_000; i++) {
      world.call(Ask.with("invented-" + i), Verdicts.challenge("s"));
      world.forgetPast();
    }
    assertThat(isKnown(ALICE)).isTrue();
  }
}
