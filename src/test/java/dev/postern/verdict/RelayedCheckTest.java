package dev.postern.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import dev.postern.testing.upstream.Jwt;
import dev.postern.verdict.RelayedCheck.Next;
import dev.postern.verdict.World.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Checks with a body, which bypass the cache, and revocations (invariant 5).
class RelayedCheckTest {
  private static final Ask UPLOAD =
      Ask.with("alice")
          .subMethod("POST")
          .method("POST")
          .plus("Content-Type", "text/plain")
          .plus("Content-Length", "3");

  private final World world = new World(World.config(0.5, Duration.ZERO, Duration.ZERO));

  private static HeaderLines allow(String name) {
    return HeaderLines.of(
        List.of(
            new HeaderLine("X-authentik-uid", "sub-" + name),
            new HeaderLine("X-authentik-meta-app", "slug"),
            new HeaderLine(
                "X-authentik-jwt",
                Jwt.of("sub-" + name, "sid-" + name, Instant.parse("2027-01-01T00:00:00Z")))));
  }

  private RelayedCheck begin(Ask ask) {
    return world.cache.beginRelayed(world.question(ask));
  }

  private Caller askAgain(RelayedCheck check) {
    Caller caller = new Caller();
    check.askAgain(
        "192.0.2.1",
        VerdictSource.Deadline.at(world.nanos.get() + 1_000_000_000L),
        caller.decisions::add);
    return caller;
  }

  @Test
  void allow_notOvertaken_passes() {
    RelayedCheck check = begin(UPLOAD);
    world.cache.revocations().bySid("sid-bob", RevocationSource.ADMIN);
    assertThat(check.answered(200, allow("alice"))).isInstanceOf(Next.Pass.class);
    assertThat(world.isHit(UPLOAD)).as("never stored").isFalse();
    assertThat(world.cache.isKnownSession(world.question(UPLOAD).credential())).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void allow_overtaken_isRepeatedWithoutItsBody(RevocationTest.Kind kind) {
    RelayedCheck check = begin(UPLOAD);
    kind.revoke(world);
    assertThat(check.answered(200, allow("alice"))).isInstanceOf(Next.AskAgain.class);

    Caller caller = askAgain(check);
    var request = world.upstream.question(0).call().request();
    assertThat(request.headers().count("Content-Length")).isZero();
    assertThat(request.headers().count("Content-Type")).isZero();
    assertThat(request.headers().count("Cookie")).isOne();
    assertThat(request.method()).isEqualTo("POST");
    world.upstream.answer(Verdicts.challenge("s"));
    assertThat(caller.relayed()).isInstanceOf(Verdict.Challenge.class);
    assertThat(world.budget.held()).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void allow_overtakenAgain_isNoVerdict(RevocationTest.Kind kind) {
    RelayedCheck check = begin(UPLOAD);
    kind.revoke(world);
    assertThat(check.answered(200, allow("alice"))).isInstanceOf(Next.AskAgain.class);
    Caller caller = askAgain(check);
    kind.revoke(world);
    world.upstream.answer(world.allow("alice"));
    assertThat(caller.relayed())
        .isInstanceOfSatisfying(
            Verdict.Unavailable.class,
            verdict -> assertThat(verdict.fault()).isEqualTo(Verdict.Fault.OVERTAKEN));
    assertThat(world.upstream.checks()).isOne();
  }

  @Test
  void signOutsOfOthers_byTheTenThousand_failNoUpload() {
    RelayedCheck check = begin(UPLOAD);
    Caller miss = world.call(Ask.with("bob"));
    for (int i = 0; i < 10_000; i++) {
      world.cache.revocations().bySid("other-sid-" + i, RevocationSource.ADMIN);
      world.cache.revocations().bySub("other-sub-" + i, RevocationSource.ADMIN);
      world
          .cache
          .revocations()
          .arrived(world.question(Ask.with("other-" + i)).credential(), true)
          .settle(null);
    }
    assertThat(check.answered(200, allow("alice"))).isInstanceOf(Next.Pass.class);
    world.upstream.answer(world.allow("bob"));
    assertThat(miss.relayed()).as("not repeated either").isInstanceOf(Verdict.Allow.class);
  }

  @Test
  void revocations_moreThanAreRecorded_overtakeTheOldestCheck() {
    RelayedCheck check = begin(UPLOAD);
    for (int i = 0; i < 200_000; i++) {
      world.cache.revocations().sessionEnded("other-sid-" + i, RevocationSource.WEBSOCKET);
    }
    assertThat(check.answered(200, allow("alice"))).isInstanceOf(Next.AskAgain.class);
    RelayedCheck next = begin(UPLOAD);
    assertThat(next.answered(200, allow("alice"))).isInstanceOf(Next.Pass.class);
  }

  @Test
  void refusal_passesAndEndsTheEntry() {
    Ask page = Ask.with("alice");
    world.call(page, world.allow("alice"));
    assertThat(begin(UPLOAD).answered(302, HeaderLines.of(List.of())))
        .isInstanceOf(Next.Pass.class);
    assertThat(world.isHit(page)).isFalse();
  }

  @Test
  void failureOfTheUpstream_endsNothing() {
    Ask page = Ask.with("alice");
    world.call(page, world.allow("alice"));
    assertThat(begin(UPLOAD).answered(502, HeaderLines.of(List.of())))
        .isInstanceOf(Next.Pass.class);
    begin(UPLOAD).failed();
    assertThat(world.isHit(page)).isTrue();
  }

  @Test
  void flag_isAnEventOnArrivalAndOnItsResponse() {
    Ask page = Ask.with("alice");
    world.call(page, world.allow("alice"));
    RelayedCheck check = begin(UPLOAD.uri("/?X-authentik-logout=true"));
    assertThat(world.isHit(page)).isFalse();
    world.call(page, world.allow("alice"));
    assertThat(check.answered(200, allow("alice")))
        .as("its own event does not count")
        .isInstanceOf(Next.Pass.class);
    assertThat(world.isHit(page)).isFalse();

    RelayedCheck lost = begin(UPLOAD.uri("/?X-authentik-logout=true"));
    lost.failed();
    world.call(page, world.allow("alice"));
    assertThat(world.isHit(page)).as("the upstream may not have signed out yet").isFalse();
  }
}
