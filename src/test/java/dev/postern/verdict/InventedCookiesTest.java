package dev.postern.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Cookies without an allow do not affect other clients (invariant 12).
class InventedCookiesTest {
  private static final int SESSIONS = 400;
  private static final int SIGN_OUTS = 2_000;

  private final World world = new World();
  private int invented;

  /// Outcome of the sign-outs.
  enum End {
    /// no response: the client and the upstream have disconnected
    UNKNOWN,
    /// with a redirect to the login
    ANSWERED,
    /// not known yet
    PENDING
  }

  private static Ask session(int number) {
    return Ask.with("good-" + number);
  }

  private Ask invention() {
    return Ask.anonymous()
        .plus(
            "Cookie",
            IntStream.range(0, 64)
                .mapToObj(i -> "authentik_proxy_" + i + "=invented-" + invented++)
                .collect(Collectors.joining("; ")));
  }

  private void signOut(End end) {
    OutpostEvent event =
        world.cache.revocations().arrived(world.question(invention()).credential(), true);
    switch (end) {
      case UNKNOWN -> event.settle(null);
      case ANSWERED ->
          event.settle(
              HeaderLines.of(
                  List.of(
                      new HeaderLine(
                          "Location", "https://app.test/outpost.goauthentik.io/start?rd=x"))));
      case PENDING -> {}
    }
  }

  /// Requests a page for every session; a miss is checked and allowed.
  private int hits() {
    int hits = 0;
    for (int i = 0; i < SESSIONS; i++) {
      if (world.isHit(session(i))) {
        hits++;
      } else {
        world.call(session(i), world.allow("user-" + i));
        world.forgetPast();
      }
    }
    return hits;
  }

  @ParameterizedTest
  @EnumSource
  void signOuts_byTheThousand_leaveTheSessionsOfOthersStored(End end) {
    hits();
    assertThat(hits()).isEqualTo(SESSIONS);

    int during = 0;
    int rounds = 4;
    for (int round = 0; round < rounds; round++) {
      for (int i = 0; i < SIGN_OUTS / rounds; i++) {
        signOut(end);
      }
      during += hits();
    }

    assertThat(during).isGreaterThanOrEqualTo(rounds * SESSIONS * 99 / 100);
    assertThat(hits()).isGreaterThanOrEqualTo(SESSIONS * 99 / 100);
  }

  @Test
  void sessions_thatBeginDuringTheAttack_areStored() {
    for (int i = 0; i < SIGN_OUTS; i++) {
      signOut(End.UNKNOWN);
    }
    hits();
    assertThat(hits()).isGreaterThanOrEqualTo(SESSIONS * 99 / 100);
  }

  @Test
  void sessionOfAKnownCredential_outcomeUnknown_isNotDisplacedByInventions() {
    Ask alice = Ask.with("alice");
    // Known, but no entry names the session.
    world.call(alice.uri("/?x-authentik-auth-callback"), world.allow("alice"));
    world.cache.revocations().arrived(world.question(alice).credential(), true).settle(null);
    for (int i = 0; i < SIGN_OUTS; i++) {
      signOut(End.UNKNOWN);
    }
    world.call(alice, world.allow("alice"));
    assertThat(world.isHit(alice)).as("the upstream may not have signed out yet").isFalse();
  }

  @Test
  void cookiesBesideAValidOne_cannotKeepOthersFromBeingStored() {
    for (int i = 0; i < SIGN_OUTS; i++) {
      Ask both = invention().plus("Cookie", "authentik_proxy_x=valid");
      world.call(both.uri("/?x-authentik-auth-callback"), world.allow("mallory"));
      world.forgetPast();
      world.cache.revocations().arrived(world.question(both).credential(), true).settle(null);
    }
    hits();
    assertThat(hits()).isGreaterThanOrEqualTo(SESSIONS * 99 / 100);
  }

  /// Single-page applications of many users may send the same `Authorization: Bearer null`.
  @Test
  void authorizationSharedByManyBesideTheirCookies_endsNoneOfTheirEntries() {
    Ask alice = Ask.with("alice").plus("Authorization", "Bearer null");
    world.call(alice, world.allow("alice"));
    World.Caller bob = world.call(Ask.with("bob").plus("Authorization", "Bearer null"));

    Ask nobody = Ask.anonymous().plus("Authorization", "Bearer null");
    OutpostEvent event =
        world.cache.revocations().arrived(world.question(nobody).credential(), true);

    assertThat(world.isHit(alice)).isTrue();
    event.settle(null);
    assertThat(world.isHit(alice)).isTrue();
    world.upstream.question(1).answer(world.allow("bob"));
    assertThat(bob.isWaiting()).isFalse();
    assertThat(world.isHit(Ask.with("bob").plus("Authorization", "Bearer null"))).isTrue();
  }

  @Test
  void oneEventWithTensOfThousandsOfCookies_endsTheirEntriesAndNoOthers() {
    world.call(session(0), world.allow("a"));
    world.call(session(1), world.allow("b"));
    world.call(session(2), world.allow("c"));
    String many =
        IntStream.range(0, 50_000)
            .mapToObj(i -> "authentik_proxy_" + i + "=v" + i)
            .collect(Collectors.joining("; "));
    Ask all =
        Ask.anonymous()
            .plus("Cookie", "authentik_proxy_a=good-0; " + many + "; authentik_proxy_z=good-2");
    assertThat(world.question(all).key()).as("relayed, not stored").isNull();

    World.Caller inFlight = world.call(session(3));
    World.Caller other = world.call(session(4));
    world
        .cache
        .revocations()
        .arrived(world.question(all.plus("Cookie", "authentik_proxy_x=good-3")).credential(), true);

    assertThat(world.isHit(session(0))).isFalse();
    assertThat(world.isHit(session(1))).isTrue();
    assertThat(world.isHit(session(2))).isFalse();
    world.upstream.question(3).answer(world.allow("d"));
    assertThat(inFlight.isWaiting()).isTrue();
    world.upstream.question(4).answer(world.allow("e"));
    assertThat(other.isWaiting()).isFalse();
  }

  @Test
  void checkWithTensOfThousandsOfCookies_isReachedByAnEventAboutOneOfThem() {
    String many =
        IntStream.range(0, 50_000)
            .mapToObj(i -> "authentik_proxy_" + i + "=v" + i)
            .collect(Collectors.joining("; "));
    World.Caller caller = world.call(Ask.anonymous().plus("Cookie", many));
    world.cache.revocations().arrived(world.question(Ask.with("v49999")).credential(), true);
    world.upstream.question(0).answer(world.allow("a"));
    assertThat(caller.isWaiting()).isTrue();
  }
}
