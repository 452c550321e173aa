package dev.postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.Sidecar;
import dev.postern.app.StartException;
import dev.postern.demo.core.DemoApplication;
import dev.postern.demo.core.DemoUser;
import dev.postern.demo.idp.DemoIdentityProvider;
import dev.postern.testing.Await;
import dev.postern.testing.PosternConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The rules directory changes repeatedly under load.
class HotReloadIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final int RELOADS = 200;
  private static final int CLIENTS = 64;
  private static final String PROBED = "probed.domain.test";

  private final HttpClient http = HttpClient.newHttpClient();
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicLong answers = new AtomicLong();
  @TempDir Path directory;

  @Test
  void reloads_thatChangeAHostsApplication_causeNoWrongResponse() throws Exception {
    Path rules = Files.createDirectory(directory.resolve("rules"));
    write(rules, 0);
    try (DemoIdentityProvider provider = provider();
        Sidecar postern = postern(provider, rules);
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      awaitLoaded(postern, 0);
      List<Future<?>> running = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        String name = i % 2 == 0 ? "alice" : "bob";
        String host = "h" + i % 8 + ".domain.test";
        String cookie = provider.login(host, name, "pw");
        running.add(clients.submit(() -> use(postern, host, cookie, name)));
      }
      String cookie = provider.login(PROBED, "alice", "pw");
      probe(postern, provider, cookie, 0);
      long heap = heapAfterCollection();
      for (int reload = 1; reload <= RELOADS; reload++) {
        write(rules, reload);
        awaitLoaded(postern, reload);
        probe(postern, provider, cookie, reload);
      }
      long growth = heapAfterCollection() - heap;
      over.set(true);
      for (Future<?> client : running) {
        client.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
      }
      assertThat(answers.get()).isGreaterThan(RELOADS * 10L);
      assertThat(growth).as("bytes of heap after %d reloads", RELOADS).isLessThan(24L << 20);
    }
  }

  private static DemoIdentityProvider provider() {
    return DemoIdentityProvider.builder()
        .application(
            DemoApplication.catchAll("everything", "https://auth.domain.test", "domain.test"))
        .user(DemoUser.of("alice", "pw", "Alice", "a@example.test", List.of()))
        .user(DemoUser.of("bob", "pw", "Bob", "b@example.test", List.of()))
        .start();
  }

  private Sidecar postern(DemoIdentityProvider provider, Path rules) throws StartException {
    URI url = URI.create("http://127.0.0.1:" + provider.address().getPort());
    return Sidecar.start(PosternConfig.of(url, directory.resolve("state")).rules(rules).build());
  }

  /// Every other reload gives the probed host to an individual application.
  private void write(Path rules, int number) throws IOException {
    String probed =
        number % 2 == 0 ? "" : "probed: { kind: individual, rule: \"Host(`" + PROBED + "`)\" }";
    String text =
        """
        http:
          middlewares:
            postern:
              plugin:
                postern:
                  applications:
                    everything: { kind: catchAll, cookieDomain: domain.test, share: true }
                    number-%d: { kind: individual, rule: "Host(`nobody.test`)" }
                    %s
        """
            .formatted(number, probed);
    Path fresh = Files.writeString(directory.resolve("postern.new"), text);
    Files.move(
        fresh,
        rules.resolve("postern.yml"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private void awaitLoaded(Sidecar postern, int number) {
    URI api = URI.create("http://127.0.0.1:" + postern.adminPort() + "/api/applications");
    Await.until(
        "reload " + number,
        LIMIT,
        () ->
            http.send(HttpRequest.newBuilder(api).build(), BodyHandlers.ofString())
                .body()
                .contains("\"number-" + number + "\""));
  }

  /// The new application makes one check, then has hits.
  private void probe(Sidecar postern, DemoIdentityProvider provider, String cookie, int reload)
      throws IOException, InterruptedException {
    long before = checks(provider);
    assertThat(ask(postern, PROBED, cookie).statusCode()).isEqualTo(200);
    assertThat(checks(provider) - before).as("checks after reload %d", reload).isOne();
    HttpResponse<Void> again = ask(postern, PROBED, cookie);
    assertThat(again.headers().firstValue("X-Postern-Cache")).contains("hit");
    assertThat(checks(provider) - before).as("and no more").isOne();
  }

  private static long checks(DemoIdentityProvider provider) {
    return provider.journal().checks().stream().filter(one -> one.host().equals(PROBED)).count();
  }

  private void use(Sidecar postern, String host, String cookie, String name) {
    try {
      while (!over.get()) {
        HttpResponse<Void> answer = ask(postern, host, cookie);
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("X-authentik-username")).contains(name);
        answers.incrementAndGet();
      }
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(host, e);
    }
  }

  private HttpResponse<Void> ask(Sidecar postern, String host, String cookie)
      throws IOException, InterruptedException {
    URI uri =
        URI.create(
            "http://127.0.0.1:" + postern.authPort() + "/outpost.goauthentik.io/auth/traefik");
    HttpRequest request =
        HttpRequest.newBuilder(uri)
            .version(HttpClient.Version.HTTP_1_1)
            .header("X-Forwarded-Method", "GET")
            .header("X-Forwarded-Proto", "https")
            .header("X-Forwarded-Host", host)
            .header("X-Forwarded-Uri", "/page")
            .header("X-Forwarded-For", "192.0.2.1")
            .header("Cookie", cookie)
            .build();
    return http.send(request, BodyHandlers.discarding());
  }

  private static long heapAfterCollection() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
