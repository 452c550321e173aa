package dev.postern.upstream.probe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.app.Sidecar;
import dev.postern.config.DataSize;
import dev.postern.config.UpstreamConfig;
import dev.postern.config.tls.ClientTls;
import dev.postern.net.Endpoint;
import dev.postern.net.HostName;
import dev.postern.net.LoopGuard;
import dev.postern.testing.PosternConfig;
import dev.postern.testing.RawServer;
import dev.postern.testing.program.FreePorts;
import dev.postern.testing.upstream.RecordingUpstream;
import dev.postern.upstream.EventLoops;
import dev.postern.upstream.UpstreamClient;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each way in which an upstream can fail has its own message that names the key to change. The TLS
/// server here is another Postern with its self-signed certificate.
class UpstreamProbeTest {
  private static final String HEALTH = "/outpost.goauthentik.io/ping";

  @TempDir Path state;

  private static Optional<String> trouble(String url, ClientTls tls) throws IOException {
    UpstreamConfig config =
        new UpstreamConfig(
            Endpoint.of(url),
            UpstreamConfig.PresetName.AUTHENTIK,
            Duration.ofSeconds(20),
            256,
            1024,
            new DataSize(64L << 20),
            tls);
    UpstreamClient client = UpstreamClient.of(config, LoopGuard.of(new SecureRandom()));
    Optional<String> trouble;
    try (EventLoops loops = EventLoops.start()) {
      trouble = UpstreamProbe.of(client, loops, config, HEALTH).trouble();
    }
    assertThat(trouble.orElse("")).as("one line").doesNotContain("\n", "\r");
    return trouble;
  }

  private static Optional<String> trouble(String url) throws IOException {
    return trouble(url, ClientTls.STANDARD);
  }

  private Sidecar tlsServer(RecordingUpstream behind) throws Exception {
    return Sidecar.start(PosternConfig.of(behind.url(), state).build());
  }

  private static ClientTls tls(@Nullable Path ca, @Nullable String serverName, boolean skip) {
    return new ClientTls(
        ca, null, null, serverName == null ? null : new HostName(serverName), skip);
  }

  @Test
  void outpost_thatAnswers_isNoProblem() throws Exception {
    try (RecordingUpstream upstream = new RecordingUpstream()) {
      assertThat(trouble(upstream.url().toString())).isEmpty();
      assertThat(upstream.requests()).hasSize(1);
      assertThat(upstream.checks()).as("no session record, no event").isEmpty();
    }
  }

  @Test
  void closedPort_isRefused() throws Exception {
    assertThat(trouble("http://127.0.0.1:" + FreePorts.find(1).getFirst()))
        .get()
        .asString()
        .contains("refuses connections", "upstream.url");
  }

  @Test
  void unknownName_isNamed() throws Exception {
    assertThat(trouble("http://nowhere.invalid:9000"))
        .get()
        .asString()
        .contains("the name nowhere.invalid cannot be resolved", "upstream.url");
  }

  @Test
  void unknownZone_isNamedAsAnInterfaceAndNotAsAName() throws Exception {
    assertThat(trouble("http://[fe80::1%nowhere9]:9000"))
        .get()
        .asString()
        .contains("there is no network interface nowhere9 here", "upstream.url")
        .doesNotContain("name");
  }

  @ParameterizedTest
  @CsvSource({
    "503 Service Unavailable, with 503, during its start",
    "508 Loop Detected, leads back to Postern, must point to the outpost",
    "404 Not Found, with 404, upstream.url points to",
    "302 Found, with 302, upstream.url points to"
  })
  void otherStatus_isNamedWithItsReason(String line, String status, String fix) throws Exception {
    try (RawServer server =
        RawServer.start((_, connection) ->
            connection.write("HTTP/1.1 " + line + "\r\nContent-Length: 0\r\n\r\n"))) {
      assertThat(trouble(server.url().toString())).get().asString().contains(status, fix);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "Client sent an HTTP request to an HTTPS server.",
    "<title>400 The plain HTTP request was sent to HTTPS port</title>"
  })
  void plainHttp_toATlsServerThatSaysSo_isTheScheme(String body) throws Exception {
    try (RawServer server =
        RawServer.start((_, connection) -> {
          connection.write("HTTP/1.0 400 Bad Request\r\n\r\n" + body);
          connection.close();
        })) {
      assertThat(trouble(server.url().toString())).get().asString().contains("write https://");
    }
  }

  @Test
  void responseThatIsNotHttp_isReported() throws Exception {
    try (RawServer server =
        RawServer.start((_, connection) -> {
          connection.write("-ERR unknown command\r\n\r\n");
          connection.close();
        })) {
      assertThat(trouble(server.url().toString()))
          .get()
          .asString()
          .contains("does not speak HTTP", "upstream.url");
    }
  }

  @Test
  void tls_ofAnUnknownAuthority_namesTheKeysThatFixIt() throws Exception {
    try (RecordingUpstream behind = new RecordingUpstream();
        Sidecar server = tlsServer(behind)) {
      String url = "https://localhost:" + server.authsPort();
      assertThat(trouble(url))
          .get()
          .asString()
          .contains(
              "not signed by a trusted CA", "upstream.tls.ca", "upstream.tls.insecureSkipVerify");
      assertThat(trouble(url, tls(state.resolve("postern.crt"), null, false))).isEmpty();
      assertThat(trouble(url, tls(null, null, true))).isEmpty();
    }
  }

  @Test
  void certificateFile_missing_isNamedWithItsKeyAndOnlyWhereItIsUsed() {
    ClientTls missing = tls(state.resolve("nothere.pem"), null, false);
    assertThatThrownBy(() -> trouble("https://localhost:1", missing))
        .hasMessageStartingWith("upstream.tls.ca: " + state.resolve("nothere.pem"))
        .hasMessageContaining("there is no such file; create it");
    assertThatNoException().isThrownBy(() -> trouble("http://localhost:1", missing));
  }

  @Test
  void tls_ofAnotherName_namesServerName() throws Exception {
    try (RecordingUpstream behind = new RecordingUpstream();
        Sidecar server = tlsServer(behind)) {
      assertThat(
              trouble(
                  "https://localhost:" + server.authsPort(),
                  tls(state.resolve("postern.crt"), "outpost.example", false)))
          .get()
          .asString()
          .contains("outpost.example", "upstream.tls.serverName");
    }
  }

  @Test
  void tls_toAPlainServer_isTheScheme() throws Exception {
    try (RecordingUpstream behind = new RecordingUpstream();
        Sidecar server = tlsServer(behind)) {
      assertThat(trouble("https://localhost:" + server.authPort()))
          .get()
          .asString()
          .contains("upstream.url");
    }
  }

  @Test
  void plain_toATlsServer_isReported() throws Exception {
    try (RecordingUpstream behind = new RecordingUpstream();
        Sidecar server = tlsServer(behind)) {
      assertThat(trouble("http://localhost:" + server.authsPort()))
          .get()
          .asString()
          .contains("upstream.url");
    }
  }
}
