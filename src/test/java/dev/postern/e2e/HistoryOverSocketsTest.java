package dev.postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.Sidecar;
import dev.postern.demo.core.CoreSession;
import dev.postern.demo.core.DemoApplication;
import dev.postern.demo.core.DemoUser;
import dev.postern.demo.golang.GoQuery;
import dev.postern.demo.idp.DemoIdentityProvider;
import dev.postern.demo.idp.FaultMode;
import dev.postern.demo.idp.Journal;
import dev.postern.demo.outpost.Outpost;
import dev.postern.testing.AdminApi;
import dev.postern.testing.History;
import dev.postern.testing.PosternConfig;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// 64 clients over real sockets sign in and out. Cookie values stay the same while the users behind
/// them change, and the upstream fails now and then. Each allow is verified with the identity
/// provider's journal.
class HistoryOverSocketsTest {
  private static final int CLIENTS = 64;
  private static final int ACTIONS = 60;
  private static final String HOST = "app.example.test";
  private static final String AUTH = "/outpost.goauthentik.io/auth/traefik";
  private static final List<String> PEOPLE = List.of("alice", "bob", "carol", "dave", "erin");

  @TempDir Path directory;
  private final DemoApplication application = DemoApplication.individual("app", "https://" + HOST);
  private final DemoIdentityProvider provider = provider(application);
  private final History history = new History();

  // The journal numbers events of the provider; this sequence numbers requests, responses and
  // revocations here.
  private final AtomicLong order = new AtomicLong();

  private static String header(RawMessage answer, String name) {
    return Objects.requireNonNullElse(answer.first(name), "");
  }

  private static DemoIdentityProvider provider(DemoApplication application) {
    var builder =
        DemoIdentityProvider.builder().application(application).store(Outpost.Store.POSTGRESQL);
    for (String name : PEOPLE) {
      builder.user(DemoUser.of(name, "pw", name, name + "@example.test", List.of()));
    }
    return builder.start();
  }

  @AfterEach
  void stop() {
    provider.close();
  }

  /// A client with one cookie value and changing users.
  private final class Client {
    private final Random random;
    private final RawHttp http;
    private final AdminApi admin;
    private String cookie;
    private String sub = "";

    Client(long seed, RawHttp http, AdminApi admin) {
      random = new Random(seed);
      this.http = http;
      this.admin = admin;
      cookie = provider.login(HOST, person(), "pw");
    }

    private String person() {
      return PEOPLE.get(random.nextInt(PEOPLE.size()));
    }

    private String credential() {
      return Journal.digest(cookie.substring(cookie.indexOf('=') + 1));
    }

    private RawMessage check(String uri) throws IOException {
      return http.exchange(
          RawHttp.get(
              AUTH,
              "Host: postern",
              "X-Forwarded-Method: GET",
              "X-Forwarded-Proto: https",
              "X-Forwarded-Host: " + HOST,
              "X-Forwarded-Uri: " + uri,
              "Cookie: " + cookie));
    }

    void act() throws IOException {
      int dice = random.nextInt(100);
      if (dice < 82) {
        ask();
      } else if (dice < 88) {
        signOut();
      } else if (dice < 95) {
        signIn();
      } else if (dice < 98) {
        revoke();
      } else {
        provider.faults().failNext(FaultMode.SERVER_ERROR, 2);
      }
    }

    private void ask() throws IOException {
      long asked = order.incrementAndGet();
      RawMessage answer = check("/page");
      if (answer.status() == 200) {
        sub = header(answer, "X-Authentik-Uid");
        history.add(
            new History.Allowed(
                order.incrementAndGet(),
                asked,
                Duration.between(Instant.EPOCH, Instant.now()),
                credential(),
                HOST,
                sub,
                header(answer, "X-Postern-Cache")));
      }
    }

    private void signOut() throws IOException {
      long before = provider.journal().now() + 1;
      RawMessage answer =
          http.exchange(
              RawHttp.get(
                  "/outpost.goauthentik.io/sign_out",
                  "Host: " + HOST,
                  "X-Forwarded-Host: " + HOST,
                  "X-Forwarded-Proto: https",
                  "Cookie: " + cookie));
      told(before, "credential", credential());
      if (answer.status() == 302
          && header(answer, "Location").contains("id_token_hint=")
          && !sub.isEmpty()) {
        told(before, "sub", sub);
      }
    }

    /// Logs some user in with the same cookie value, through Postern.
    private void signIn() throws IOException {
      signOut();
      RawMessage start = check("/page");
      if (start.status() != 302) {
        return;
      }
      CoreSession session = provider.core().login(person(), "pw").orElseThrow();
      String code = provider.core().authorize(application.clientId(), session);
      String location = header(start, "Location");
      String state = GoQuery.get(location.substring(location.indexOf('?') + 1), "state");
      long before = provider.journal().now() + 1;
      RawMessage end =
          check(
              "/outpost.goauthentik.io/callback?X-authentik-auth-callback=true&code="
                  + code
                  + "&state="
                  + state);
      told(before, "credential", credential());
      sub = "";
      if (end.status() == 302) {
        ask();
      }
    }

    private void revoke() throws IOException {
      if (!sub.isEmpty()) {
        long before = provider.journal().now() + 1;
        admin.revoke("{\"sub\":\"%s\"}".formatted(sub));
        told(before, "sub", sub);
      }
    }

    private void told(long effective, String kind, String value) {
      history.add(new History.Revoked(order.incrementAndGet(), effective, kind, value));
    }
  }

  private void addChecks() {
    for (Journal.CheckRecord check : provider.journal().checks()) {
      if (check.identity()) {
        history.add(
            new History.Checked(
                0,
                check.began(),
                Duration.between(Instant.EPOCH, check.time()),
                check.cookie(),
                check.host(),
                check.sid(),
                check.sub(),
                Duration.ofSeconds(60),
                Duration.ofSeconds(60)));
      }
    }
  }

  @Test
  void clients_whoComeAndGo_areAllowedOnlyWhatTheJournalJustifies() throws Exception {
    long seed = Long.getLong("postern.history.seed", System.nanoTime());
    System.getLogger("figures")
        .log(System.Logger.Level.INFO, "history over sockets from seed " + seed + " on");
    URI url = URI.create("http://127.0.0.1:" + provider.address().getPort());
    try (Sidecar postern = Sidecar.start(PosternConfig.of(url, directory).build());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Void>> running = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        long own = seed + i;
        running.add(
            threads.submit(() -> {
              try (RawHttp http = RawHttp.connect(postern.authPort())) {
                Client client = new Client(own, http, new AdminApi(postern.adminPort()));
                for (int j = 0; j < ACTIONS; j++) {
                  client.act();
                }
                return null;
              }
            }));
      }
      for (Future<Void> client : running) {
        client.get(120, TimeUnit.SECONDS);
      }
    }
    addChecks();
    assertThat(history.allows()).isGreaterThan(CLIENTS);
    assertThat(history.firstWrong()).isEmpty();
  }
}
