package dev.postern.stack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.demo.core.CoreSession;
import dev.postern.testing.RawMessage;
import dev.postern.testing.program.NeedsTraefik;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The outpost's paths on every host, including authentik's own, must lead to Postern only.
@NeedsTraefik
class OutpostIT extends OnStack {
  private static final String PREFIX = "/outpost.goauthentik.io";
  private static final InetAddress CDN = InetAddress.ofLiteral("127.0.2.1");

  private static RawMessage ask(String service, String target, String cookie) throws IOException {
    return stack.traefik().ask(Stack.host(service), target, "Cookie: " + cookie);
  }

  private static long checks() {
    return stack.provider().journal().checkCount();
  }

  private static void assertRelayed(String service, String path) {
    stack.awaitLogged(line ->
        Stack.host(service).equals(line.get("RequestAddr"))
            && String.valueOf(line.get("RequestPath")).startsWith(path));
  }

  private static void assertCached(String service, String cookie, String user) throws IOException {
    assertThat(ask(service, "/", cookie).body()).contains("sub-" + user);
    long before = checks();
    assertThat(ask(service, "/", cookie).body()).contains("sub-" + user);
    assertThat(checks()).as("cached").isEqualTo(before);
  }

  @ParameterizedTest
  @CsvSource({
    "whoami-individual, whoami-individual",
    "csf, csf",
    "whoami-catch-all, whoami-catch-all",
    "whoami-catch-all, auth",
    "whoami-catch-all, whoami"
  })
  void signOut_passesPosternAndRevokes(String service, String at) throws Exception {
    String cookie = stack.signIn("alice", service);
    assertCached(service, cookie, "alice");

    RawMessage signOut = ask(at, PREFIX + "/sign_out", cookie);

    assertThat(signOut.status()).isEqualTo(302);
    assertThat(signOut.first("Location")).contains("/end-session/?id_token_hint=");
    assertRelayed(at, PREFIX + "/sign_out");
    long before = checks();
    assertThat(ask(service, "/", cookie).status()).isEqualTo(302);
    assertThat(checks()).as("checked again").isEqualTo(before + 1);
  }

  /// Another user signs in with the same browser: the callback must remove the first user's
  /// entries.
  @ParameterizedTest
  @CsvSource({
    "whoami-individual, whoami-individual",
    "csf, csf",
    "whoami-catch-all, auth",
  })
  void startAndCallback_passPosternAndRevoke(String service, String callbackAt) throws Exception {
    String cookie = stack.signIn("alice", service);
    assertCached(service, cookie, "alice");

    RawMessage start = ask(service, PREFIX + "/start", cookie);

    assertRelayed(service, PREFIX + "/start");
    long before = checks();
    assertThat(ask(service, "/", cookie).body()).contains("sub-alice");
    assertThat(checks()).as("checked again").isEqualTo(before + 1);

    RawMessage callback = ask(callbackAt, callback(start, "bob"), cookie);

    assertThat(callback.status()).isEqualTo(302);
    assertRelayed(callbackAt, PREFIX + "/callback");
    assertThat(ask(service, "/", cookie).body()).contains("sub-bob").doesNotContain("sub-alice");
  }

  /// The callback request that follows a login.
  private static String callback(RawMessage start, String user) {
    String location = String.valueOf(start.first("Location"));
    assertThat(URI.create(location).getHost()).isEqualTo(Stack.host("auth"));
    Matcher query = Pattern.compile("client_id=([^&]+).*state=(.+)").matcher(location);
    assertThat(query.find()).as(location).isTrue();
    CoreSession session = stack.provider().core().login(user, People.password(user)).orElseThrow();
    return PREFIX
        + "/callback?X-authentik-auth-callback=true&code="
        + stack.provider().core().authorize(query.group(1), session)
        + "&state="
        + query.group(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/?X-authentik-logout=true",
        "/?a=b;X-authentik-logout=TRUE",
        "/?X%2Dauthentik%2Dlogout=true",
        "/page?x=1&X-authentik-logout=true",
        "/?X-authentik-auth-callback=true",
        "/?X%2dauthentik%2dauth%2dcallback=True&state=x&code=y"
      })
  void flagInTheQuery_isNeverAHit(String target) throws Exception {
    String cookie = stack.signIn("alice", "whoami-catch-all");
    assertCached("whoami-catch-all", cookie, "alice");
    long before = checks();
    int reached = stack.seen().size();

    RawMessage answer = ask("whoami-catch-all", target, cookie);

    assertThat(answer.status()).isNotEqualTo(200);
    assertThat(checks()).isEqualTo(before + 1);
    assertThat(stack.seenSince(reached)).as("seen by the application").isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        PREFIX + "/auth/traefik",
        PREFIX + "/auth/traefik/",
        PREFIX + "/auth/traefik?rd=/",
        PREFIX + "/auth/nginx",
        PREFIX + "/auth/caddy",
        PREFIX + "/auth/envoy/",
        PREFIX + "/auth/%74raefik",
        PREFIX + "/auth%2Ftraefik",
        PREFIX + "/static/../auth/traefik",
        PREFIX + "//auth/./traefik",
        "/" + PREFIX + "/auth/traefik"
      })
  void forwardAuthEndpoint_throughTheOutpostRouter_revealsNothing(String path) throws Exception {
    String cookie = "Cookie: " + stack.signIn("alice", "whoami-catch-all");
    long before = checks();
    for (String service : List.of("whoami-catch-all", "whoami-individual", "whoami", "auth")) {
      for (Attack.Spelling spelling : Attack.Spelling.values()) {
        RawMessage answer =
            stack
                .traefik()
                .ask(
                    CDN,
                    Stack.host(service),
                    path,
                    cookie,
                    spelling.of("X-Forwarded-Method: GET"),
                    spelling.of("X-Forwarded-Uri: /"),
                    spelling.of("X-Forwarded-Host: " + Stack.host("whoami-catch-all")));
        assertThat(answer.status()).as("%s at %s", spelling, service).isIn(400, 404);
        assertThat(answer.fields())
            .noneMatch(field -> field.name().toLowerCase(Locale.ROOT).contains("authentik"));
      }
    }
    assertThat(checks()).as("questions to the identity provider").isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(strings = {"whoami-individual", "csf"})
  void start_withForgedHeaders_isTheStartOfTheRequestedHost(String service) throws Exception {
    int client = 100;
    for (Attack.Spelling spelling : Attack.Spelling.values()) {
      // The login limit counts each start by client address.
      InetAddress from = InetAddress.ofLiteral("127.0.2." + client++);
      for (String line : Attack.lines()) {
        RawMessage answer =
            stack.traefik().ask(from, Stack.host(service), PREFIX + "/start", spelling.of(line));
        assertThat(Probe.login(answer))
            .as(spelling.of(line))
            .startsWith("cid-" + service + " for ");
        assertThat(answer.first("Location")).contains("https%3A%2F%2F" + Stack.host(service));
      }
    }
  }
}
