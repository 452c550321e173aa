package dev.postern.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.verdict.Verdict.Fault;
import dev.postern.verdict.World.Caller;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// A check that fails inside Postern: no request waits forever, none is allowed, and the next check
/// of the same key works.
class FailingCheckTest {
  private static final Ask ALICE = Ask.with("alice");

  private static void fail() {
    throw new IllegalStateException("the clock cannot be read");
  }

  private static void assertFailed(Caller caller) {
    assertThat(caller.relayed())
        .isInstanceOfSatisfying(
            Verdict.Unavailable.class,
            verdict -> assertThat(verdict.fault()).isEqualTo(Fault.INTERNAL));
  }

  @Test
  void caller_getsNoVerdict_andTheJoinedCheckForThemselves() {
    World world = new World();
    Caller leader = world.call(ALICE);
    Caller joined = world.call(ALICE);

    world.onNextReading.set(FailingCheckTest::fail);
    world.upstream.answer(world.allow("alice"));

    assertFailed(leader);
    assertThat(joined.isWaiting()).isTrue();
    assertThat(world.isHit(ALICE)).isFalse();
    world.upstream.answer(world.allow("alice"));
    assertThat(joined.relayed()).isInstanceOf(Verdict.Allow.class);
    assertThat(world.journal.failures).hasSize(1);
    assertThat(world.budget.held()).isZero();
  }

  @Test
  void nextCheckOfTheKey_callsTheUpstream() {
    World world = new World();
    Question question = world.question(ALICE);
    Caller caller = new Caller();
    // The first reading is at the check's start; at the second it can already be joined.
    world.onNextReading.set(() -> world.onNextReading.set(FailingCheckTest::fail));
    world.check(question, caller);
    assertFailed(caller);
    assertThat(world.call(ALICE, world.allow("alice")).relayed()).isInstanceOf(Verdict.Allow.class);
    assertThat(world.budget.held()).isZero();
  }

  @Test
  void sourceThatThrows_isNoVerdict() {
    VerdictSource broken =
        new VerdictSource() {
          @Override
          public void check(Call call, Consumer<Verdict> done) {
            throw new StackOverflowError("broken");
          }
        };
    World world = new World(World.DEFAULTS, broken);
    assertFailed(world.call(ALICE));
    assertFailed(world.call(ALICE));
    assertThat(world.journal.failures).hasSize(2);
    assertThat(world.budget.held()).isZero();
  }

  @Test
  void refreshThatFails_endsAndIsRetried() {
    World world = new World(World.config(0.5, Duration.ZERO, Duration.ZERO));
    world.call(ALICE, world.allow("alice"));
    world.pass(Duration.ofSeconds(31));
    assertThat(world.isHit(ALICE)).isTrue();
    world.onNextReading.set(FailingCheckTest::fail);
    world.upstream.answer(world.allow("alice"));

    world.pass(Duration.ofSeconds(2));
    assertThat(world.isHit(ALICE)).isTrue();
    assertThat(world.upstream.checks()).isEqualTo(3);
    assertThat(world.journal.failures).hasSize(1);
  }
}
