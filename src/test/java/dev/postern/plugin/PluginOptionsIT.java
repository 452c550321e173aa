package dev.postern.plugin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.testing.program.NeedsTraefik;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The plugin's options, one by one, and Traefik's behaviour with invalid ones.
@NeedsTraefik
class PluginOptionsIT {
  @TempDir Path directory;
  private final PluginStage stage = new PluginStage();

  @AfterEach
  void stop() {
    stage.close();
  }

  /// One router for each set of options, on the host `NAME.test`.
  private String routes(Map<String, String> options) {
    StringBuilder middlewares = new StringBuilder();
    StringBuilder routers = new StringBuilder();
    options.forEach((name, block) -> {
      middlewares.append("    %s: { plugin: { postern: { %s } } }%n".formatted(name, block));
      routers.append(
          "    %1$s: { rule: \"Host(`%1$s.test`)\", middlewares: [%1$s], service: app }%n"
              .formatted(name));
    });
    return "http:\n  middlewares:\n" + middlewares + "  routers:\n" + routers + stage.service();
  }

  private void start(Map<String, String> options) {
    stage.start(directory.resolve("traefik"), List.of("web"), routes(options));
  }

  private RawMessage get(String host, String... lines) throws Exception {
    List<String> all = new ArrayList<>(List.of("Host: " + host + ".test"));
    all.addAll(List.of(lines));
    all.add("Connection: close");
    return stage.send("web", RawHttp.request("GET", "/page", all));
  }

  @Test
  void address_aloneOrWithAPath_isCompletedOrKept() throws Exception {
    start(
        Map.of(
            "bare", "address: \"%s\"".formatted(stage.url()),
            "slash", "address: \"%s/\"".formatted(stage.url()),
            "whole", "address: \"%s%s?a=b\"".formatted(stage.url(), PluginStage.PATH),
            "other", "address: \"%s/api/authz\"".formatted(stage.url())));

    Map.of(
            "bare",
            PluginStage.PATH,
            "slash",
            PluginStage.PATH,
            "whole",
            PluginStage.PATH + "?a=b",
            "other",
            "/api/authz")
        .forEach((host, target) -> {
          try {
            assertThat(get(host).status()).isEqualTo(200);
          } catch (Exception e) {
            throw new AssertionError(e);
          }
          assertThat(stage.takeAuthRequests())
              .singleElement()
              .extracting(RawMessage::target)
              .isEqualTo(target);
        });
  }

  @Test
  void option_wrong_disablesTheRouterWithAReason() throws Exception {
    Path noPem = Files.writeString(directory.resolve("no.pem"), "nothing");
    String good = "address: \"http://127.0.0.1:1\", ";
    String secure = "address: \"https://127.0.0.1:1\", ";
    Map<String, String[]> wrong = new TreeMap<>();
    wrong.put("missing", new String[] {"timeout: 5s", "address is missing"});
    wrong.put("empty", new String[] {"address: \"\"", "address is missing"});
    wrong.put("noscheme", new String[] {"address: \"postern:9000\"", "must begin with http"});
    wrong.put("ftp", new String[] {"address: \"ftp://postern\"", "must begin with http"});
    wrong.put("nohost", new String[] {"address: \"http://\"", "needs a host"});
    wrong.put("port", new String[] {"address: \"http://postern:99999\"", "a port from 1 to"});
    wrong.put("nourl", new String[] {"address: \"http://[::1\"", "address is no URL"});
    wrong.put("user", new String[] {"address: \"http://a:b@postern\"", "user name or password"});
    wrong.put("timeout", new String[] {good + "timeout: soon", "timeout \"soon\""});
    wrong.put("notime", new String[] {good + "timeout: 0", "timeout \"0\""});
    wrong.put("size", new String[] {good + "maxResponseBodySize: -1", "maxResponseBodySize"});
    wrong.put(
        "sizes",
        new String[] {good + "maxResponseBodySize: 9223372036854775807", "from 0 to 1073741824"});
    wrong.put("name", new String[] {good + "authResponseHeaders: [\"a b\"]", "no header name"});
    wrong.put("star", new String[] {good + "authRequestHeaders: [\"*\"]", "no header name"});
    wrong.put("plain", new String[] {good + "tls: { insecureSkipVerify: true }", "tls is set"});
    wrong.put("nofile", new String[] {secure + "tls: { ca: /none.pem }", "tls.ca is neither"});
    wrong.put("nopem", new String[] {secure + "tls: { ca: \"" + noPem + "\" }", "holds no cert"});
    wrong.put("nokey", new String[] {secure + "tls: { cert: \"" + noPem + "\" }", "come together"});
    Map<String, String> options = new TreeMap<>();
    wrong.forEach((name, pair) -> options.put(name, pair[0]));
    start(options);

    Map<String, JsonNode> routers = new TreeMap<>();
    stage
        .traefik()
        .api("/api/http/routers?per_page=100")
        .forEach(router -> routers.put(router.get("name").asString(), router));
    for (var entry : wrong.entrySet()) {
      JsonNode router = routers.get(entry.getKey() + "@file");
      assertThat(router.get("status").asString()).as(entry.getKey()).isEqualTo("disabled");
      assertThat(router.get("error").get(0).asString())
          .startsWith("postern plugin, middleware " + entry.getKey() + "@file: ")
          .contains(entry.getValue()[1]);
      assertThat(get(entry.getKey()).status()).as(entry.getKey()).isEqualTo(404);
    }
    assertThat(stage.takeApplicationRequests()).isEmpty();
  }

  @Test
  void authResponseHeaders_replaceTheClientsInEverySpelling() throws Exception {
    start(
        Map.of(
            "app",
            "address: \"%s\", authResponseHeaders: [Authorization, remote-user, X-Authentik-Name]"
                .formatted(stage.url())));
    String[] sent = {"Authorization: Bearer own", "Remote-User: root", "Remote_User: root"};
    stage.answers(
        PluginStage.ALLOW.replace("\r\n\r\n", "\r\nRemote-User: a\r\nRemote-User: b\r\n\r\n"));

    get("app", sent);

    assertThat(stage.takeAuthRequests().getFirst().values("Authorization"))
        .containsExactly("Bearer own");
    RawMessage served = stage.takeApplicationRequests().getFirst();
    assertThat(served.values("Remote-User")).containsExactly("a", "b");
    assertThat(served.values("Remote_User")).isEmpty();
    assertThat(served.values("Authorization")).as("not in the answer").isEmpty();

    stage.answers(PluginStage.ALLOW.replace("\r\n\r\n", "\r\nAuthorization: Basic x\r\n\r\n"));
    get("app", sent);
    served = stage.takeApplicationRequests().getFirst();
    assertThat(served.values("Authorization")).containsExactly("Basic x");
    assertThat(served.values("Remote-User")).isEmpty();
  }

  @Test
  void authRequestHeaders_areAllThatPosternGetsOfTheClient() throws Exception {
    start(Map.of("app", "address: \"%s\", authRequestHeaders: [cookie]".formatted(stage.url())));

    get("app", "Cookie: a=b", "Accept: */*", "Authorization: x");

    RawMessage asked = stage.takeAuthRequests().getFirst();
    assertThat(asked.values("Cookie")).containsExactly("a=b");
    assertThat(asked.first("Accept")).isNull();
    assertThat(asked.first("Authorization")).isNull();
    assertThat(stage.takeApplicationRequests().getFirst().first("Accept")).isEqualTo("*/*");
  }

  @Test
  void maxResponseBodySize_ofZero_refusesAnyBody() throws Exception {
    start(Map.of("app", "address: \"%s\", maxResponseBodySize: 0".formatted(stage.url())));
    assertThat(get("app").status()).isEqualTo(200);

    stage.answers(PluginStage.ALLOW.replace("Length: 0\r\n\r\n", "Length: 1\r\n\r\nx"));

    assertThat(get("app").status()).isEqualTo(401);
  }

  @Test
  void reload_ofTheConfiguration_keepsTheConnection() throws Exception {
    Map<String, String> options = new TreeMap<>();
    options.put("app", "address: \"%s\"".formatted(stage.url()));
    start(options);
    for (int i = 0; i < 5; i++) {
      assertThat(get("app").status()).isEqualTo(200);
      options.put("new" + i, options.get("app") + ", timeout: " + (i + 1));
      stage.traefik().reconfigure(routes(options));
    }
    assertThat(get("new4").status()).isEqualTo(200);
    assertThat(stage.takeAuthRequests()).hasSize(6);
    assertThat(stage.postern.connections()).isOne();
  }

  @Test
  void connections_of64ClientsAtATime_areNoMoreThanQuestionsAtATime() throws Exception {
    start(Map.of("app", "address: \"%s\"".formatted(stage.url())));
    try (ExecutorService clients = Executors.newFixedThreadPool(64)) {
      List<Callable<Integer>> pages = Collections.nCopies(640, () -> get("app").status());
      for (Future<Integer> status : clients.invokeAll(pages)) {
        assertThat(status.get()).isEqualTo(200);
      }
    }
    assertThat(stage.takeAuthRequests()).hasSize(640);
    assertThat(stage.postern.connections()).isLessThanOrEqualTo(128);
  }

  @Test
  void webSocketUpgrade_allowed_reachesTheApplicationAsOne() throws Exception {
    start(Map.of("app", "address: \"%s\"".formatted(stage.url())));

    get("app", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Key: x");

    assertThat(stage.takeAuthRequests().getFirst().first("Upgrade")).isNull();
    assertThat(stage.takeApplicationRequests().getFirst().first("Upgrade")).isEqualTo("websocket");
  }
}
