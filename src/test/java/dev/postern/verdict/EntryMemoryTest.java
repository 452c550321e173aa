package dev.postern.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.config.CacheConfig;
import dev.postern.config.DataSize;
import dev.postern.net.HeaderLine;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/// Memory of entries, as counted and as measured (invariant 9).
class EntryMemoryTest {
  private static final int SESSIONS = 50_000;

  private static World world(long maxBytes) {
    CacheConfig d = World.DEFAULTS;
    return new World(
        new CacheConfig(
            d.ttl(),
            d.ttlWithoutSession(),
            d.skew(),
            1.0,
            d.staleIfError(),
            new DataSize(maxBytes),
            d.anonymousPaths()));
  }

  /// An allow as authentik sends it: twelve lines, and a token of 1.1 KB that no other entry
  /// shares.
  private static Verdict.Allow realistic(World world, int number) {
    String name = "user-" + number;
    return Verdicts.allow(
        name,
        world.in(Duration.ofHours(1)),
        line("X-Authentik-Email", name + "@example.test"),
        line("X-Authentik-Entitlements", ""),
        line("X-Authentik-Groups", "everyone|staff"),
        line("X-Authentik-Jwt", name + ".".repeat(1100)),
        line("X-Authentik-Meta-Jwks", "http://authentik.test/application/o/app/jwks/"),
        line("X-Authentik-Meta-Outpost", "authentik Embedded Outpost"),
        line("X-Authentik-Meta-Provider", "Provider for app"),
        line("X-Authentik-Meta-Version", "goauthentik.io/outpost/2026.2.2"),
        line("X-Authentik-Name", name),
        line("X-Authentik-Username", name));
  }

  /// Separate strings, as read from the network.
  @SuppressWarnings("StringCopy")
  private static HeaderLine line(String name, String value) {
    return new HeaderLine(new String(name.toCharArray()), new String(value.toCharArray()));
  }

  private static Ask ask(int number) {
    return Ask.with("cookie-value-of-a-realistic-length-" + number);
  }

  private static void store(World world, int from, int to) {
    for (int i = from; i < to; i++) {
      world.call(ask(i), realistic(world, i));
    }
  }

  private static long usedBytes() {
    long used = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      ManagementFactory.getMemoryMXBean().gc();
      used = Math.min(used, ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    }
    return used;
  }

  @Test
  void bytes_thousandsOfSessions_areWhatTheHeapHolds() {
    World warm = world(256L << 20);
    store(warm, 0, 100);
    World world = world(256L << 20);
    int sessions = SESSIONS / 5;
    world.forgetPast();
    long before = usedBytes();
    for (int i = 0; i < sessions; i++) {
      world.call(ask(i), realistic(world, i));
      world.forgetPast();
    }
    long measured = usedBytes() - before;
    long counted = world.cache.entryBytes();

    System.getLogger("figures")
        .log(
            System.Logger.Level.INFO,
            "figure: heap {0} B, counted {1} B an entry",
            measured / sessions,
            counted / sessions);
    assertThat(world.cache.entryCount()).isEqualTo(sessions);
    assertThat((double) measured / counted).isBetween(0.7, 1.15);
  }

  @Test
  void bytes_moreSessionsThanFit_stayWithinTheBound() {
    long bound = 16L << 20;
    World world = world(bound);
    for (int i = 0; i < SESSIONS; i++) {
      world.call(ask(i), realistic(world, i));
      world.forgetPast();
      if (i % 1000 == 0) {
        assertThat(world.cache.entryBytes()).isLessThanOrEqualTo(bound + bound / 64);
      }
    }
    assertThat(world.cache.entryBytes()).isBetween(bound / 2, bound + bound / 64);
    assertThat(world.journal.removed).contains(VerdictListener.Removal.SIZE);

    world.cache.revocations().all(RevocationSource.ADMIN);

    assertThat(world.cache.entryBytes()).isZero();
    assertThat(world.cache.entryCount()).isZero();
  }
}
