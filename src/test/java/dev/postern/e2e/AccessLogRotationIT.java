package dev.postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.Sidecar;
import dev.postern.config.AccessLogConfig.Format;
import dev.postern.testing.AccessLogs;
import dev.postern.testing.Await;
import dev.postern.testing.PosternConfig;
import dev.postern.testing.upstream.Identity;
import dev.postern.testing.upstream.RecordingUpstream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Log files are rotated under load, as logrotate does.
class AccessLogRotationIT {
  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final int CLIENTS = 20;
  private static final int REQUESTS = 100_000;
  private static final int ROTATIONS = 20;
  private static final String HOST = "app.example.test";
  private static final String COOKIE = "authentik_proxy_0a1b2c3d=alice";

  @TempDir Path directory;
  private final AtomicLong answered = new AtomicLong();
  private final AtomicBoolean rotated = new AtomicBoolean();

  @Test
  void rotations_underLoad_leaveEachRequestInExactlyOneFile() throws Exception {
    Path log = directory.resolve("access.log");
    List<Path> files = new ArrayList<>();
    try (RecordingUpstream upstream = new RecordingUpstream();
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      upstream.signIn(HOST, COOKIE, Identity.of("alice", "app"));
      try (Sidecar postern =
          Sidecar.start(
              PosternConfig.of(upstream.url(), directory.resolve("state"))
                  .accessLog(AccessLogs.blocking(Format.COMMON, log))
                  .build())) {
        List<Future<?>> running = new ArrayList<>();
        for (int client = 0; client < CLIENTS; client++) {
          int number = client;
          running.add(clients.submit(() -> ask(postern.authPort(), number)));
        }
        for (int rotation = 1; rotation <= ROTATIONS; rotation++) {
          // With this many further responses, most requests began after the previous file existed.
          awaitResponses(answered.get() + REQUESTS / (ROTATIONS + 1), running);
          Path moved = directory.resolve("access.log." + rotation);
          Files.move(log, moved);
          files.add(moved);
          postern.reopenLogs();
          Await.until("a new file", LIMIT, () -> Files.exists(log));
        }
        awaitResponses(answered.get() + REQUESTS / (ROTATIONS + 1), running);
        rotated.set(true);
        for (Future<?> client : running) {
          client.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
      }
      files.add(log);
    }
    Set<String> seen = new HashSet<>();
    for (Path file : files) {
      for (String line : Files.readAllLines(file)) {
        int path = line.indexOf(" /r/");
        assertThat(seen.add(line.substring(path, line.indexOf(' ', path + 1)))).isTrue();
      }
    }
    assertThat(seen).hasSize(answered.intValue());
    assertThat(files).allSatisfy(file -> assertThat(file).isNotEmptyFile());
  }

  private void awaitResponses(long count, List<Future<?>> running) {
    Await.until(
        count + " answers",
        LIMIT,
        () -> answered.get() >= count || running.stream().anyMatch(Future::isDone));
    assertThat(running).noneMatch(Future::isDone);
  }

  /// One keep-alive connection, one request after another, until the last rotation.
  private Void ask(int port, int client) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      InputStream in = socket.getInputStream();
      for (int i = 0; !rotated.get(); i++) {
        String request =
            "GET %s HTTP/1.1\r\nHost: postern\r\nX-Forwarded-Method: GET\r\n"
                    .formatted(RecordingUpstream.AUTH)
                + "X-Forwarded-Proto: https\r\nX-Forwarded-Host: "
                + HOST
                + "\r\nX-Forwarded-Uri: /r/%d-%d\r\n".formatted(client, i)
                + "X-Forwarded-For: 192.0.2.7\r\nCookie: "
                + COOKIE
                + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
        readHead(in);
        answered.incrementAndGet();
      }
    }
    return null;
  }

  /// Allows have no body.
  private static void readHead(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    byte[] bytes = new byte[4096];
    while (head.indexOf("\r\n\r\n") < 0) {
      int count = in.read(bytes);
      assertThat(count).isPositive();
      head.append(new String(bytes, 0, count, StandardCharsets.ISO_8859_1));
    }
    assertThat(head).startsWith("HTTP/1.1 200");
  }
}
