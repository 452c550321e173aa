package dev.postern.server.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.Sidecar;
import dev.postern.testing.Await;
import dev.postern.testing.CapturedLog;
import dev.postern.testing.EchoBackend;
import dev.postern.testing.PosternConfig;
import dev.postern.testing.RawHttp;
import dev.postern.testing.program.NeedsTraefik;
import dev.postern.testing.program.Traefik;
import dev.postern.testing.upstream.RecordingUpstream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What Postern logs for mistakes in a real Traefik's ForwardAuth.
@NeedsTraefik
class TraefikNoticesIT {
  /// A mistake in Traefik's configuration.
  enum Mistake {
    NO_CA("https", "tls.insecureSkipVerify"),
    PLAIN_TO_TLS("http", "write https://"),
    TLS_TO_PLAIN("https", "write http://");

    final String scheme;
    final String wayOut;

    Mistake(String scheme, String wayOut) {
      this.scheme = scheme;
      this.wayOut = wayOut;
    }
  }

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource
  void mistake_isLoggedOnceHoweverOftenTraefikTries(Mistake mistake) throws Exception {
    try (RecordingUpstream upstream = new RecordingUpstream();
        EchoBackend backend = new EchoBackend();
        CapturedLog log = CapturedLog.of(PeerNotices.class.getName());
        Sidecar postern =
            Sidecar.start(PosternConfig.of(upstream.url(), directory.resolve("state")).build())) {
      int port = mistake == Mistake.TLS_TO_PLAIN ? postern.authPort() : postern.authsPort();
      try (Traefik traefik =
          Traefik.start(
              directory.resolve("traefik"),
              List.of("web"),
              """
              http:
                middlewares:
                  auth: { forwardAuth: { address: "%s://127.0.0.1:%d/outpost.goauthentik.io/auth/traefik", maxResponseBodySize: -1 } }
                routers:
                  app: { rule: "Host(`a.test`)", middlewares: [auth], service: app }
                services:
                  app: { loadBalancer: { servers: [{ url: "%s" }] } }
              """
                  .formatted(mistake.scheme, port, backend.url()))) {
        for (int i = 0; i < 3; i++) {
          String request = RawHttp.get("/", "Host: a.test", "Connection: close");
          assertThat(RawHttp.once(traefik.port("web"), request).status())
              .isGreaterThanOrEqualTo(400);
        }
      }
      Await.until("it is logged", Duration.ofSeconds(20), () -> !log.lines().isEmpty());
      assertThat(log.lines()).singleElement().asString().contains(mistake.wayOut);
    }
  }
}
