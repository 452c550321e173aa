package dev.postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.Sidecar;
import dev.postern.config.AccessLogConfig.Format;
import dev.postern.testing.AccessLogs;
import dev.postern.testing.Await;
import dev.postern.testing.Certificates;
import dev.postern.testing.EchoBackend;
import dev.postern.testing.PosternConfig;
import dev.postern.testing.RawHttp;
import dev.postern.testing.program.FreePorts;
import dev.postern.testing.program.NeedsTraefik;
import dev.postern.testing.program.Traefik;
import dev.postern.testing.upstream.RecordingUpstream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// TLS that is configured only at Traefik's entry point, with routers read only from files.
@NeedsTraefik
class EntryPointTlsIT {
  private static final String APP = "app.example.test";
  private static final String PLAIN = "plain.example.test";

  @TempDir Path directory;

  private static String rules(int posternPort, EchoBackend backend) {
    return """
    http:
      middlewares:
        auth: { forwardAuth: { address: "http://127.0.0.1:%d/outpost.goauthentik.io/auth/traefik", maxResponseBodySize: -1 } }
      routers:
        app: { rule: "Host(`app.example.test`)", entryPoints: [secure], middlewares: [auth], service: app }
        plain: { rule: "Host(`plain.example.test`)", entryPoints: [web], middlewares: [auth], service: app }
      services:
        app: { loadBalancer: { servers: [{ url: "%s" }] } }
    """
        .formatted(posternPort, backend.url());
  }

  @Test
  void router_withTlsOfItsEntryPoint_isNamedAsTraefikNamesIt() throws Exception {
    Path rules = Files.createDirectories(directory.resolve("traefik").resolve("dynamic"));
    Path log = directory.resolve("access.log");
    int secure = FreePorts.find(1).getFirst();
    String entryPoint =
        "  secure: { address: \"127.0.0.1:%d\", http: { tls: {} } }".formatted(secure);
    try (RecordingUpstream upstream = new RecordingUpstream();
        EchoBackend backend = new EchoBackend();
        Sidecar postern =
            Sidecar.start(
                PosternConfig.of(upstream.url(), directory.resolve("state"))
                    .rules(rules)
                    .accessLog(AccessLogs.of(Format.JSON, log, AccessLogs.USUAL))
                    .build());
        Traefik traefik =
            Traefik.start(
                directory.resolve("traefik"),
                List.of("web"),
                rules(postern.authPort(), backend),
                entryPoint)) {
      upstream.open(APP);
      upstream.open(PLAIN);
      assertThat(traefik.api("/api/http/routers/app@file").path("tls").isObject()).isTrue();
      Await.until(
          "Postern has read the rules",
          Duration.ofSeconds(20),
          () ->
              RawHttp.once(
                      postern.adminPort(),
                      RawHttp.get(
                          "/api/routers",
                          "Host: localhost:" + postern.adminPort(),
                          "Connection: close"))
                  .body()
                  .contains("app@file"));
      try (RawHttp https = RawHttp.connectTls(secure, Certificates.trustingAll())) {
        assertThat(https.exchange(RawHttp.get("/", "Host: " + APP)).status()).isEqualTo(200);
      }
      String plain = RawHttp.get("/", "Host: " + PLAIN, "Connection: close");
      assertThat(RawHttp.once(traefik.port("web"), plain).status()).isEqualTo(200);
    }
    assertThat(Files.readAllLines(log))
        .filteredOn(line -> line.contains("/auth/traefik") || line.contains(".example.test"))
        .hasSize(2)
        .satisfiesExactly(
            line -> assertThat(line).contains("\"RouterName\":\"app@file\"", "\"https\""),
            line -> assertThat(line).contains("\"RouterName\":\"plain@file\"", "\"http\""));
  }
}
