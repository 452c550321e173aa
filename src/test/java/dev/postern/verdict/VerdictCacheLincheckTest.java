package dev.postern.verdict;

import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import dev.postern.routing.Application;
import dev.postern.upstream.JwtReader;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jetbrains.kotlinx.lincheck.Actor;
import org.jetbrains.kotlinx.lincheck.execution.ExecutionScenario;
import org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// The production cache, model-checked and under stress: no response from a check that began before
/// a revocation, or a refusal, that had returned before the request (invariants 4 and 5).
///
/// The upstream writes into each allow the generation in which its check began. A revocation ends a
/// generation: the number is incremented, as a session ends at the upstream, the cache revokes, and
/// only then is the number published. A request after that must see that number or a later one.
/// This is weaker than linearizability of the responses themselves, which is not guaranteed: during
/// a revocation one response may be new and the next one old.
///
/// Public, as are its operations, because Lincheck calls them.
@Tag("lincheck")
public class VerdictCacheLincheckTest {
  private static final Application APPLICATION = Application.ofHost("app.test", 0);
  private static final int INTERLEAVINGS = Integer.getInteger("postern.interleavings", 8);
  private static final Duration LIFE = World.DEFAULTS.ttl();

  private final AtomicLong generation = new AtomicLong();
  private final AtomicLong revoked = new AtomicLong();
  private final AtomicInteger wrong = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong nanos = new AtomicLong();
  private final InFlightBudget budget = new InFlightBudget(1L << 20);
  private final VerdictCache cache =
      new VerdictCache(
          World.config(0.5, Duration.ofHours(1), Duration.ZERO),
          World.PRESET,
          new VerdictCache.Collaborators(
              (call, done) -> done.accept(allow(generation.get())),
              new JwtReader(),
              nanos::get,
              () -> Instant.ofEpochMilli(nanos.get() / 1_000_000),
              Runnable::run,
              budget,
              new VerdictListener() {}));
  private final Question question = cache.question(Ask.with("alice").request(), APPLICATION);

  private static Verdict allow(long generation) {
    return Verdicts.allow(
        "alice", Long.MAX_VALUE, new HeaderLine("Generation", Long.toString(generation)));
  }

  private static long generationOf(Decision decision) {
    long[] found = {-1};
    switch (decision) {
      case Decision.Stored(Entry entry, var _) ->
          entry.forEach((name, value) ->
              found[0] = name.equals("Generation") ? Long.parseLong(value) : found[0]);
      case Decision.Relayed(Verdict.Unavailable _, var _) ->
          // Overtaken twice: the request is refused.
          found[0] = Long.MAX_VALUE;
      case Decision.Relayed(Verdict verdict, var _) ->
          found[0] = Long.parseLong(verdict.response().headers().first("Generation"));
    }
    return found[0];
  }

  /// Looks up an entry; on a miss checks or joins. The decision is judged when it arrives, possibly
  /// on another thread after this has returned.
  @Operation
  public void ask() {
    long known = revoked.get();
    Entry entry = cache.hit(question, () -> "c");
    waiting.incrementAndGet();
    if (entry == null) {
      cache.check(
          question,
          "c",
          VerdictSource.Deadline.at(Long.MAX_VALUE),
          decision -> judge(known, decision));
    } else {
      judge(known, new Decision.Stored(entry, CacheStatus.HIT));
    }
  }

  private void judge(long known, Decision decision) {
    waiting.decrementAndGet();
    if (generationOf(decision) < known) {
      wrong.incrementAndGet();
    }
  }

  private void revoke(Runnable revocation) {
    long next = generation.incrementAndGet();
    revocation.run();
    revoked.accumulateAndGet(next, Math::max);
  }

  @Operation
  public void bySid() {
    revoke(() -> cache.revocations().bySid("sid-alice", RevocationSource.ADMIN));
  }

  @Operation
  public void bySub() {
    revoke(() -> cache.revocations().bySub("sub-alice", RevocationSource.ADMIN));
  }

  @Operation
  public void byApplication() {
    revoke(() -> cache.revocations().byApplication("slug", RevocationSource.ADMIN));
  }

  @Operation
  public void all() {
    revoke(() -> cache.revocations().all(RevocationSource.ADMIN));
  }

  @Operation
  public void sessionEnded() {
    revoke(() -> cache.revocations().sessionEnded("sid-alice", RevocationSource.WEBSOCKET));
  }

  @Operation
  public void feedLost() {
    revoke(() -> cache.revocations().feedLost(RevocationSource.WEBSOCKET));
  }

  @Operation
  public void feedGained() {
    revoke(() -> cache.revocations().feedGained(RevocationSource.WEBSOCKET));
  }

  @Operation
  public void outpostEvent() {
    revoke(() ->
        cache.revocations().arrived(question.credential(), true).settle(HeaderLines.of(List.of())));
  }

  @Operation
  public void outpostEventUnseen() {
    revoke(() -> cache.revocations().arrived(question.credential(), true).settle(null));
  }

  @Operation
  public void refused() {
    revoke(() -> cache.refused(question));
  }

  /// Makes entries due for a refresh; the second call ends their life.
  @Operation
  public void pass() {
    nanos.addAndGet(LIFE.dividedBy(2).toNanos());
  }

  @Validate
  public void judgeAll() {
    if (wrong.get() != 0 || waiting.get() != 0 || budget.held() != 0) {
      throw new IllegalStateException(
          "%d answers from before a revocation, %d without an answer, %d bytes held"
              .formatted(wrong.get(), waiting.get(), budget.held()));
    }
  }

  private static boolean isOneStep(String className) {
    return className.startsWith("com.github.benmanes.caffeine.")
        || className.startsWith("dev.postern.net.")
        || className.equals(KeyedDigest.class.getName())
        || className.equals(SipHash.class.getName())
        || className.equals(TagTable.class.getName())
        || className.equals(QuestionReader.class.getName());
  }

  private static Actor actor(String name) {
    try {
      return new Actor(VerdictCacheLincheckTest.class.getMethod(name), List.of());
    } catch (NoSuchMethodException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static List<Actor> actors(String names) {
    return Stream.of(names.split(" ")).filter(name -> !name.isEmpty()).map(n -> actor(n)).toList();
  }

  private static ExecutionScenario scenario(String before, String... threads) {
    return new ExecutionScenario(
        actors(before),
        Arrays.stream(threads).map(VerdictCacheLincheckTest::actors).toList(),
        actors("ask"),
        actor("judgeAll"));
  }

  /// Each event between two requests: with no entry, a fresh entry, and an entry that is due for a
  /// refresh.
  private static List<ExecutionScenario> scenarios() {
    List<ExecutionScenario> all = new ArrayList<>();
    for (String event :
        List.of(
            "bySid",
            "bySub",
            "byApplication",
            "all",
            "sessionEnded",
            "feedLost",
            "feedGained",
            "outpostEvent",
            "outpostEventUnseen",
            "refused")) {
      for (String before : List.of("", "ask", "ask pass")) {
        all.add(scenario(before, "ask", event, "ask"));
      }
    }
    all.add(scenario("ask pass", "ask", "pass", "refused ask"));
    all.add(scenario("ask pass", "pass ask", "bySid ask"));
    return all;
  }

  @Test
  void everyEvent_betweenTwoWhoAsk_modelChecked() {
    ModelCheckingOptions options =
        new ModelCheckingOptions()
            .iterations(0)
            .sequentialSpecification(Silence.class)
            .invocationsPerIteration(INTERLEAVINGS)
            // Each call of Caffeine is one step: only the code around it is checked. The same holds
            // for thread-local data and for the tag table, whose methods are all synchronized;
            // Lincheck does not support byte-array views either.
            .addGuarantee(
                ManagedStrategyGuaranteeKt.forClasses(VerdictCacheLincheckTest::isOneStep)
                    .allMethods()
                    .ignore());
    scenarios().forEach(options::addCustomScenario);
    options.check(VerdictCacheLincheckTest.class);
  }

  @Test
  void anyOrder_ofAllOperations_underStress() {
    new StressOptions()
        .iterations(20)
        .sequentialSpecification(Silence.class)
        .invocationsPerIteration(200)
        .threads(3)
        .actorsPerThread(4)
        .check(VerdictCacheLincheckTest.class);
  }

  /// The operations' sequential specification: they return nothing, in any order. [#judgeAll]
  /// judges them; a real cache for each state of Lincheck's verifier would take gigabytes.
  public static class Silence {
    public void ask() {}

    public void bySid() {}

    public void bySub() {}

    public void byApplication() {}

    public void all() {}

    public void sessionEnded() {}

    public void feedLost() {}

    public void feedGained() {}

    public void outpostEvent() {}

    public void outpostEventUnseen() {}

    public void refused() {}

    public void pass() {}
  }
}
