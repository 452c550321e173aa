package dev.postern.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.net.HeaderLine;
import dev.postern.routing.Application;
import dev.postern.upstream.JwtReader;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/// Real threads against the most important guarantee: after a revocation has returned, no later
/// request is answered from a check that began before it (invariant 5).
///
/// The upstream writes into each allow the generation in which the check began. A revocation ends a
/// generation: first the number is incremented, as a session ends at the upstream, then the cache
/// revokes, then the number is published as revoked. A request after that must see that number or a
/// later one.
class RevocationStressTest {
  private static final int CALLERS = 6;
  private static final int CALLS = 15_000;
  private static final Ask ALICE = Ask.with("alice");
  private static final Application APPLICATION = Application.ofHost("app.test", 0);

  private final AtomicLong generation = new AtomicLong();
  private final AtomicLong revoked = new AtomicLong();
  private final AtomicBoolean over = new AtomicBoolean();
  private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
  private final Journal journal = new Journal();
  private final InFlightBudget budget = new InFlightBudget(64L << 20);
  private final VerdictCache cache =
      new VerdictCache(
          World.config(0.0, World.DEFAULTS.staleIfError(), World.DEFAULTS.anonymousPaths()),
          World.PRESET,
          new VerdictCache.Collaborators(
              (call, done) -> {
                Verdict verdict = allow(generation.get());
                waiting.add(() -> done.accept(verdict));
              },
              new JwtReader(),
              System::nanoTime,
              InstantSource.system(),
              Runnable::run,
              budget,
              journal));

  private static Verdict allow(long generation) {
    return Verdicts.allow(
        "alice",
        Instant.now().plusSeconds(3600).toEpochMilli(),
        new HeaderLine("Generation", Long.toString(generation)));
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

  /// Answers the waiting checks, in random order.
  private void work() {
    Runnable one = waiting.poll();
    if (one != null) {
      one.run();
    }
  }

  private List<String> call() {
    List<String> wrong = new ArrayList<>();
    for (int i = 0; i < CALLS; i++) {
      long known = revoked.get();
      Question question = cache.question(ALICE.request(), APPLICATION);
      Entry entry = cache.hit(question, () -> "c");
      if (entry != null) {
        check(known, new Decision.Stored(entry, CacheStatus.HIT), wrong);
      } else {
        AtomicBoolean answered = new AtomicBoolean();
        cache.check(
            question,
            "c",
            VerdictSource.Deadline.at(Long.MAX_VALUE),
            decision -> {
              check(known, decision, wrong);
              answered.set(true);
            });
        while (!answered.get() && !over.get()) {
          work();
        }
      }
      work();
    }
    return wrong;
  }

  private static void check(long known, Decision decision, List<String> wrong) {
    long found = generationOf(decision);
    if (found < known) {
      synchronized (wrong) {
        wrong.add(decision.status() + " of " + found + " after the revocation of " + known);
      }
    }
  }

  private int revoke() {
    int revocations = 0;
    Credential credential = cache.question(ALICE.request(), APPLICATION).credential();
    while (!over.get()) {
      long next = generation.incrementAndGet();
      switch ((int) (next % 7)) {
        case 0 -> cache.revocations().bySid("sid-alice", RevocationSource.ADMIN);
        case 1 -> cache.revocations().bySub("sub-alice", RevocationSource.ADMIN);
        case 2 -> cache.revocations().byApplication("slug", RevocationSource.ADMIN);
        case 3 -> cache.revocations().all(RevocationSource.ADMIN);
        case 4 -> cache.revocations().feedLost(RevocationSource.WEBSOCKET);
        case 5 -> cache.revocations().feedGained(RevocationSource.WEBSOCKET);
        default -> cache.revocations().arrived(credential, true);
      }
      revoked.set(next);
      revocations++;
      work();
    }
    return revocations;
  }

  @Test
  void revocation_underManyThreads_endsEarlierChecks() throws Exception {
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      Future<Integer> revocations = threads.submit(this::revoke);
      List<Future<List<String>>> callers = new ArrayList<>();
      Callable<List<String>> caller = this::call;
      for (int i = 0; i < CALLERS; i++) {
        callers.add(threads.submit(caller));
      }
      List<String> wrong = new ArrayList<>();
      try {
        for (Future<List<String>> one : callers) {
          wrong.addAll(one.get(60, TimeUnit.SECONDS));
        }
      } finally {
        over.set(true);
      }

      assertThat(revocations.get(10, TimeUnit.SECONDS)).isGreaterThan(100);
      assertThat(wrong).isEmpty();
    }
    while (!waiting.isEmpty()) {
      work();
    }
    assertThat(budget.held()).isZero();
    assertThat(journal.revoked).isNotEmpty();
  }
}
