package dev.postern.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.AccessLogs;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.testing.program.NeedsTraefik;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Forged headers, sent to the shipped stack from outside and from a trusted address of the CDN,
/// whose forwarded headers Traefik accepts.
///
/// A forged request must have exactly the same result as the same request without the forgery.
@NeedsTraefik
class AttackIT extends OnStack {
  private static final AtomicInteger CLIENTS = new AtomicInteger();

  /// The origin of a client.
  enum Origin {
    OUTSIDE(3),
    CDN(2);

    private final int subnet;

    Origin(int subnet) {
      this.subnet = subnet;
    }

    /// A new address, so that limits do not add up over attacks.
    InetAddress next() {
      return InetAddress.ofLiteral(
          "127.0.%d.%d".formatted(subnet, CLIENTS.incrementAndGet() % 250 + 2));
    }
  }

  /// The requested page and the session.
  enum Target {
    INDIVIDUAL("whoami-individual", "whoami-individual"),
    INDIVIDUAL_BY_A_SESSION_WITHOUT_SECOND_FACTOR("whoami-individual", "whoami-catch-all"),
    CATCH_ALL("whoami-catch-all", "whoami-catch-all"),
    CSF("csf", "csf"),
    OPEN("whoami", "whoami-catch-all");

    private final String service;
    private final String session;

    Target(String service, String session) {
      this.service = service;
      this.session = session;
    }

    String host() {
      return Stack.host(service);
    }

    boolean causesACheck() {
      return this != OPEN;
    }
  }

  static Stream<Arguments> attacks() {
    return Stream.of(Target.values())
        .flatMap(target ->
            Stream.of(Origin.values())
                .flatMap(origin ->
                    Stream.of(Attack.Spelling.values())
                        .map(spelling -> Arguments.of(target, origin, spelling))));
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void forgedHeader_comesToWhatTheHonestRequestComesTo(
      Target target, Origin origin, Attack.Spelling spelling) throws Exception {
    String cookie = stack.signIn("alice", target.session);
    List<String> lines = Attack.lines().stream().map(spelling::of).toList();
    long before = stack.provider().journal().now();
    List<Probe> probes = probes(origin.next(), target, cookie, lines);
    Probe honest = probes.getFirst();
    assertThat(honest.status())
        .isEqualTo(target == Target.INDIVIDUAL_BY_A_SESSION_WITHOUT_SECOND_FACTOR ? 302 : 200);
    assertThat(honest.application().isEmpty()).isEqualTo(honest.status() == 302);
    assertThat(honest.decision().isEmpty()).isNotEqualTo(target.causesACheck());
    for (int i = 0; i < lines.size(); i++) {
      assertThat(probes.get(i + 1)).as(lines.get(i)).isEqualTo(honest);
    }
    assertThat(stack.provider().journal().checks())
        .filteredOn(check -> check.began() > before)
        .as("requests to the identity provider")
        .allSatisfy(check -> assertThat(check.host()).isEqualTo(target.host()));
  }

  /// Sends a request without forgery and then one with each forged line, all on one connection.
  private static List<Probe> probes(
      InetAddress from, Target target, String cookie, List<String> forged) throws IOException {
    int logged = AccessLogs.await(stack.accessLog(), 0).size();
    List<RawMessage> answers = new ArrayList<>();
    List<List<Site.ReceivedRequest>> seen = new ArrayList<>();
    try (RawHttp client = stack.traefik().connect(from, target.host())) {
      for (int i = -1; i < forged.size(); i++) {
        List<String> headers = new ArrayList<>();
        headers.add("Host: " + target.host());
        headers.add("Cookie: " + cookie);
        if (i >= 0) {
          headers.add(forged.get(i));
        }
        int before = stack.seen().size();
        answers.add(client.exchange(RawHttp.request("GET", "/probe", headers)));
        seen.add(stack.seenSince(before));
      }
    }
    int count = target.causesACheck() ? answers.size() : 0;
    List<String> all = AccessLogs.await(stack.accessLog(), logged + count);
    List<String> log = all.subList(logged, all.size());
    assertThat(log).as("questions to Postern").hasSize(count);
    List<Probe> probes = new ArrayList<>();
    for (int i = 0; i < answers.size(); i++) {
      probes.add(
          Probe.of(answers.get(i), seen.get(i), count == 0 ? List.of() : List.of(log.get(i))));
    }
    return probes;
  }

  @Test
  void hopByHopHeaders_takeNoIdentityFromTheApplication() throws Exception {
    String cookie = "Cookie: " + stack.signIn("alice", "whoami-catch-all");
    RawMessage answer =
        stack
            .traefik()
            .ask(
                Origin.OUTSIDE.next(),
                Target.CATCH_ALL.host(),
                "/",
                cookie,
                "Connection: X-Authentik-Uid, X-Authentik-Username, X-Forwarded-Proto");
    assertThat(answer.body())
        .containsIgnoringCase("X-Authentik-Uid: sub-alice")
        .containsIgnoringCase("X-Authentik-Username: alice")
        .containsIgnoringCase("X-Forwarded-Proto: https");
  }

  /// Control test: without the protection these attacks work.
  @Test
  void withoutTheGuards_theAttacksSucceed() throws Exception {
    String catchAll = "Cookie: " + stack.signIn("alice", "whoami-catch-all");
    try (StackTraefik unguarded =
        stack.traefikWith(
            "unguarded",
            file -> file.with("aliasHeadersStrategy: delete", "aliasHeadersStrategy: keep"),
            rules ->
                List.of("chain-authentik.yml", "chain-no-auth.yml")
                    .forEach(chain ->
                        Stack.rule(rules, chain)
                            .with("          - middlewares-forwarded-headers\n", "")))) {
      InetAddress cdn = Origin.CDN.next();
      String individual = Target.INDIVIDUAL.host();
      assertThat(
              unguarded
                  .ask(
                      cdn,
                      individual,
                      "/",
                      catchAll,
                      "X-Forwarded-Host: " + Stack.host("whoami-catch-all"))
                  .body())
          .as("no second factor")
          .containsIgnoringCase("X-Authentik-Uid: sub-alice");
      assertThat(
              unguarded
                  .ask(cdn, individual, "/secret", "X-Forwarded-Uri: " + People.OPEN_PATH)
                  .body())
          .as("a skip rule for another path")
          .startsWith("GET /secret");
      assertThat(Probe.login(unguarded.ask(cdn, individual, "/", "X-Forwarded-Proto: http")))
          .endsWith("for http://" + individual + "/");
      RawMessage token =
          unguarded.ask(
              cdn,
              Target.CATCH_ALL.host(),
              "/outpost.goauthentik.io/auth/traefik",
              catchAll,
              "X-Forwarded-Method: GET",
              "X-Forwarded-Uri: /");
      assertThat(token.first("X-Authentik-Jwt")).as("the token in the browser").isNotEmpty();
      assertThat(unguarded.ask(Target.OPEN.host(), "/", "X-Authentik-Uid: forged").body())
          .containsIgnoringCase("X-Authentik-Uid: forged");
      assertThat(
              unguarded
                  .ask(Target.CATCH_ALL.host(), "/", catchAll, "X_Authentik_Uid: forged")
                  .body())
          .containsIgnoringCase("X_Authentik_Uid: forged");
    }
  }
}
