package dev.postern.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.postern.net.ForwardedRequest;
import dev.postern.net.HeaderLine;
import dev.postern.routing.Application;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Checks the hot path without a clock: how many bytes one hit allocates.
class HitAllocationTest {
  /// About 1.3 times the measured value: 240 alone, 336 after other tests, which also influence the
  /// JIT compiler.
  private static final long BOUND_BYTES = 450;

  private static final int HITS = 20_000;
  private static final int ROUNDS = 7;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @Test
  void hit_realisticRequest_allocatesLittle() {
    World world = new World();
    Ask ask =
        Ask.anonymous()
            .plus(
                "User-Agent",
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
            .plus("Accept", "image/avif,image/webp,image/png,*/*;q=0.8")
            .plus("Accept-Encoding", "gzip, deflate, br")
            .plus("Accept-Language", "en-GB,en;q=0.5")
            .plus("X-Forwarded-For", "198.51.100.7")
            .plus("X-Real-Ip", "198.51.100.7")
            .plus("X-Forwarded-Port", "443")
            .plus(
                "Cookie",
                "theme=dark; authentik_proxy_51a54282=KQLSP6HDQ7IZ6OHPGA7RMJZ5W2TFNR4MA3DZIZJ5;"
                    + " lang=en");
    world.call(
        ask,
        Verdicts.allow(
            "alice",
            world.in(Duration.ofHours(1)),
            new HeaderLine("X-Authentik-Jwt", "e".repeat(1100))));
    ForwardedRequest request = ask.request();
    Application application = Application.ofHost(request.host(), 0);

    long[] perHit = new long[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < HITS; i++) {
        Question question = world.cache.question(request, application);
        if (world.cache.hit(question, () -> "198.51.100.7") == null) {
          throw new AssertionError("not a hit");
        }
      }
      perHit[round] = (threads.getCurrentThreadAllocatedBytes() - before) / HITS;
      world.forgetPast();
    }
    Arrays.sort(perHit);

    System.getLogger("figures")
        .log(System.Logger.Level.INFO, "figure: {0} B a hit", perHit[ROUNDS / 2]);
    assertThat(perHit[ROUNDS / 2]).isPositive().isLessThan(BOUND_BYTES);
  }
}
