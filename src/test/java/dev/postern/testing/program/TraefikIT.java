package dev.postern.testing.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.testing.EchoBackend;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@NeedsTraefik
class TraefikIT {
  private static final String ROUTE =
      """
      http:
        routers:
          one: { rule: "Host(`%s`)", service: echo, entryPoints: [web] }
        services:
          echo: { loadBalancer: { servers: [{ url: "%s" }] } }
      """;

  @TempDir Path directory;

  @Test
  void start_thenReconfigure_routesAsTheFileSays() throws Exception {
    try (EchoBackend echo = new EchoBackend();
        Traefik traefik =
            Traefik.start(
                directory, List.of("web", "other"), ROUTE.formatted("a.test", echo.url()))) {
      assertThat(get(traefik, "web", "a.test").body()).startsWith("GET /p?q=1 HTTP/1.1");
      assertThat(get(traefik, "other", "a.test").status()).isEqualTo(404);

      traefik.reconfigure(ROUTE.formatted("b.test", echo.url()));

      assertThat(get(traefik, "web", "a.test").status()).isEqualTo(404);
      assertThat(get(traefik, "web", "b.test").status()).isEqualTo(200);
      assertThat(traefik.log()).isNotEmpty();
    }
  }

  @Test
  void start_routerWithAnError_failsWithTraefiksReason() {
    String broken = ROUTE.formatted("a.test", "http://127.0.0.1:1").replace("Host(", "Hots(");
    assertThatThrownBy(() -> Traefik.start(directory, List.of("web"), broken).close())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Hots");
  }

  private static RawMessage get(Traefik traefik, String entryPoint, String host) throws Exception {
    return RawHttp.once(
        traefik.port(entryPoint), RawHttp.get("/p?q=1", "Host: " + host, "Connection: close"));
  }
}
