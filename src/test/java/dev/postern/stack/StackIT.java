package dev.postern.stack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.testing.Certificates;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.testing.program.FreePorts;
import dev.postern.testing.program.NeedsTraefik;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/// The shipped files in real Traefik: its log and API, its entry points, and the result of a
/// request when a part is missing or wrong.
@NeedsTraefik
class StackIT extends OnStack {
  private static final InetAddress STRANGER = InetAddress.ofLiteral("127.0.0.5");

  @Test
  void log_holdsNeitherErrorsNorWarnings() {
    assertThat(stack.traefik().log().lines())
        .isNotEmpty()
        .noneMatch(line -> line.contains(" ERR ") || line.contains(" WRN "));
  }

  @Test
  void everythingOfFilesAndLabels_isEnabledUnderItsOwnName() throws Exception {
    List<String> routers = new ArrayList<>();
    for (String kind : List.of("routers", "middlewares", "services")) {
      for (JsonNode one : stack.traefik().api("/api/http/" + kind + "?per_page=1000")) {
        assertThat(one.path("status").asString("")).as("%s", one).isEqualTo("enabled");
        if (kind.equals("routers") && !one.path("provider").asString("").equals("internal")) {
          routers.add(one.path("name").asString(""));
        }
      }
    }
    assertThat(routers)
        .containsExactlyInAnyOrder(
            "authentik-outpost@file",
            "csf@file",
            "traefik-api@file",
            "traefik-dashboard@file",
            "authentik@docker",
            "grafana@docker",
            "prometheus@docker",
            "whoami@docker",
            "whoami-catch-all@docker",
            "whoami-individual@docker");
  }

  @Test
  void plainHttp_isSentToTheSamePageOverTls() throws Exception {
    RawMessage answer =
        RawHttp.once(
            stack.traefik().ports().web(),
            RawHttp.get(
                "/page?q=1",
                "Host: " + Stack.host("whoami"),
                "X-Forwarded-Proto: https",
                "Connection: close"));
    assertThat(answer.status()).isEqualTo(301);
    assertThat(answer.first("Location"))
        .isEqualTo(
            "https://%s:%d/page?q=1"
                .formatted(Stack.host("whoami"), stack.traefik().ports().websecure()));
  }

  @Test
  void handshakeWithoutAKnownName_isRefused() throws Exception {
    var trust = Certificates.trustingAll();
    int port = stack.traefik().ports().websecure();
    assertThatThrownBy(() -> RawHttp.connectTls(port, trust).close())
        .isInstanceOf(SSLException.class);
    assertThatThrownBy(() -> RawHttp.connectTls(STRANGER, "other.test", port, trust).close())
        .isInstanceOf(SSLException.class);
  }

  @ParameterizedTest
  @CsvSource({"'', 401", "postern:wrong, 401", "postern:test, 200"})
  void dashboard_asksForItsOwnPassword(String user, int status) throws Exception {
    String basic =
        "Authorization: Basic "
            + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
    for (String path : List.of("/dashboard/", "/api/rawdata")) {
      assertThat(stack.traefik().ask(Stack.host("traefik"), path, basic).status())
          .isEqualTo(status);
    }
  }

  @Test
  void apiEntryPoint_refusesEverybodyButPostern() throws Exception {
    String request = RawHttp.get("/api/http/routers", "Host: localhost", "Connection: close");
    int port = stack.traefik().ports().internal();
    try (RawHttp stranger = RawHttp.connect(STRANGER, port);
        RawHttp postern = RawHttp.connect(port)) {
      assertThat(stranger.exchange(request).status()).isEqualTo(403);
      assertThat(postern.exchange(request).status()).isEqualTo(200);
    }
  }

  @Test
  void checks_useHttp2_andPosternNamesTraefiksRouter() throws Exception {
    String cookie = stack.signIn("alice", "whoami-catch-all");
    stack.traefik().ask(Stack.host("whoami-catch-all"), "/http2", "Cookie: " + cookie);
    Map<String, Object> line = stack.awaitLogged(one -> "/http2".equals(one.get("RequestPath")));
    assertThat(line)
        .containsEntry("RequestProtocol", "HTTP/2.0")
        .containsEntry("entryPointName", "auths")
        .containsEntry("RouterName", "whoami-catch-all@docker");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a%2Fb", "/a%2fb", "/public%2F..%2Fsecret", "/a%5Cb", "/a%00b"})
  void escapesThatApplicationsReadAsAnotherPath_areRefused(String path) throws Exception {
    assertThat(stack.traefik().ask(Stack.host("whoami"), path).status()).isEqualTo(400);
    assertThat(stack.traefik().ask(Stack.host("whoami"), "/50%25%20%23%3Fa").status())
        .isEqualTo(200);
  }

  @Test
  void responses_haveTheSecureHeaders() throws Exception {
    RawMessage answer = stack.traefik().ask(Stack.host("whoami"), "/");
    assertThat(answer.first("Strict-Transport-Security"))
        .isEqualTo("max-age=31536000; includeSubDomains");
    assertThat(answer.first("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(answer.first("X-Frame-Options")).isEqualTo("SAMEORIGIN");
  }

  @Test
  void otherCertificateThanPosterns_isNotBelieved() throws Exception {
    Path other =
        Files.writeString(
            directory.resolve("other.crt"), Certificates.selfSigned(directory, "other").certPem());
    assertClosed(
        "other-ca",
        "whoami-catch-all",
        rules ->
            Stack.rule(rules, "forwardAuth-authentik.yml")
                .with(directory.resolve("postern/state/postern.crt").toString(), other));
  }

  @Test
  void withoutPostern_noApplicationIsReached() throws Exception {
    int nobody = FreePorts.find(1).getFirst();
    assertClosed(
        "no-postern",
        "whoami-catch-all",
        rules ->
            Stack.rule(rules, "forwardAuth-authentik.yml")
                .with("https://127.0.0.1:" + stack.authsPort(), "https://127.0.0.1:" + nobody));
  }

  @Test
  void csf_isReachedByItsOwnTransportAlone() throws Exception {
    String cookie = "Cookie: " + stack.signIn("alice", "csf");
    assertThat(stack.traefik().ask(Stack.host("csf"), "/", cookie).body()).contains("sub-alice");
    assertClosed(
        "no-transport",
        "csf",
        rules -> Stack.rule(rules, "app-csf.yml").with("        serversTransport: csf\n", ""));
  }

  /// A signed-in client gets an error, and the application receives no request.
  private static void assertClosed(
      String name, String service, Consumer<Map<String, Shipped>> change) throws IOException {
    String cookie = "Cookie: " + stack.signIn("alice", service);
    assertThat(stack.traefik().ask(Stack.host(service), "/", cookie).status()).isEqualTo(200);
    try (StackTraefik changed = stack.traefikWith(name, _ -> {}, change)) {
      int before = stack.seen().size();
      assertThat(changed.ask(Stack.host(service), "/", cookie).status()).isEqualTo(500);
      assertThat(stack.seenSince(before)).isEmpty();
    }
  }
}
