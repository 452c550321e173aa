package dev.postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.Await;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.testing.program.PosternProcess;
import dev.postern.testing.upstream.Identity;
import dev.postern.testing.upstream.RecordingUpstream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Postern is stopped by SIGSTOP for longer than an entry's life. Entries from before must not be
/// used, neither for requests that arrived meanwhile nor for later ones (invariant 4).
class SuspendedIT {
  private static final String HOST = "app.example.test";
  private static final String COOKIE = "authentik_proxy_51a54282=value";
  private static final Duration LIFE = Duration.ofSeconds(3);

  @TempDir Path directory;

  private static String request() {
    return RawHttp.get(
        RecordingUpstream.AUTH,
        "Host: postern",
        "X-Forwarded-Method: GET",
        "X-Forwarded-Proto: https",
        "X-Forwarded-Host: " + HOST,
        "X-Forwarded-Uri: /page",
        "Cookie: " + COOKIE);
  }

  private static void assertIsFromMissOf(RawMessage answer, String person) {
    assertThat(answer.first("X-Authentik-Uid")).isEqualTo("sub-" + person);
    assertThat(answer.first("X-Postern-Cache")).isNotEqualTo("hit");
  }

  @Test
  void sigstop_longerThanALife_leavesNoUsableEntries() throws IOException {
    try (RecordingUpstream upstream = new RecordingUpstream();
        PosternProcess postern =
            PosternProcess.start(
                directory, upstream.url(), "--cache.ttl=3s", "--cache.ttlWithoutSession=3s");
        RawHttp waiting = RawHttp.connect(postern.authPort());
        RawHttp later = RawHttp.connect(postern.authPort())) {
      upstream.signIn(HOST, COOKIE, Identity.of("alice", "app"));
      assertIsFromMissOf(later.exchange(request()), "alice");
      long remembered = System.nanoTime();

      postern.process().signal("STOP");
      try {
        upstream.signIn(HOST, COOKIE, Identity.of("bob", "app"));
        waiting.send(request());
        Await.until(
            "the life is over",
            Duration.ofSeconds(30),
            () -> System.nanoTime() - remembered > LIFE.toNanos());
      } finally {
        postern.process().signal("CONT");
      }

      assertIsFromMissOf(waiting.read(), "bob");
      assertThat(later.exchange(request()).first("X-Authentik-Uid")).isEqualTo("sub-bob");
    }
  }
}
