package dev.postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.Await;
import dev.postern.testing.Certificates;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.testing.program.FreePorts;
import dev.postern.testing.program.PosternProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// SIGHUP sent to a running Postern.
class ReloadIT {
  private static final URI NOWHERE = URI.create("http://127.0.0.1:9");

  @TempDir Path directory;
  private int authsPort;
  private Certificates.Pair first;

  @BeforeEach
  void write() throws Exception {
    authsPort = FreePorts.find(1).getFirst();
    first = Certificates.selfSigned(directory, "first");
    write(first);
    configure("ttl: 60s");
  }

  private void write(Certificates.Pair pair) throws IOException {
    Files.writeString(directory.resolve("a.key"), pair.keyPem());
    Files.writeString(directory.resolve("a.crt"), pair.certPem());
  }

  private void configure(String cache) throws IOException {
    Files.writeString(
        directory.resolve("postern.yml"),
        """
        entryPoints:
          auths:
            address: 127.0.0.1:%d
            http: { tls: { certFile: %s, keyFile: %s } }
        cache: { %s }
        """
            .formatted(authsPort, directory.resolve("a.crt"), directory.resolve("a.key"), cache));
  }

  private PosternProcess start() {
    return PosternProcess.start(
        directory,
        NOWHERE,
        "--configFile=" + directory.resolve("postern.yml"),
        "--admin.token=first-secret");
  }

  private static void hangUp(PosternProcess postern, String... words) {
    postern.process().signal("HUP");
    for (String word : words) {
      Await.until(
          "the log says " + word,
          Duration.ofSeconds(30),
          () -> postern.process().log().contains(word));
    }
  }

  private boolean shows(Certificates.Pair pair) throws IOException, GeneralSecurityException {
    try (RawHttp http = RawHttp.connectTls(authsPort, Certificates.trustingAll())) {
      return pair.certificate().equals(http.certificate());
    }
  }

  @Test
  void hangUp_reloadsAndLogsWhatARestartWouldChange() throws Exception {
    try (PosternProcess postern = start()) {
      assertThat(shows(first)).isTrue();
      hangUp(postern, "The static configuration is unchanged", "INF Reloaded");

      Certificates.Pair second = Certificates.selfSigned(directory, "second");
      write(second);
      configure("ttl: 30s, maxSize: 8MiB");
      hangUp(
          postern,
          "Needs a restart: cache.ttl is 1m and would be 30s",
          "Needs a restart: cache.maxSize is 64MiB and would be 8MiB");
      assertThat(shows(second)).isTrue();
      assertThat(postern.process().log()).doesNotContain("first-secret");

      RawMessage config =
          postern.admin(
              RawHttp.get(
                  "/api/config",
                  "Host: localhost",
                  "Authorization: Bearer first-secret",
                  "Connection: close"));
      assertThat(config.body()).contains("\"ttl\":\"1m\"");
    }
  }

  @Test
  void hangUp_withABrokenFile_reportsEveryProblemAndKeepsRunning() throws Exception {
    try (PosternProcess postern = start()) {
      Files.writeString(directory.resolve("a.crt"), "no certificate");
      configure("ttl: soon, skew: never");
      hangUp(
          postern,
          "cache.ttl: \"soon\" is not a duration",
          "cache.skew: \"never\" is not a duration",
          "Reload failed; the present state is kept: entryPoints.auths.http.tls.certFile: "
              + directory.resolve("a.crt"));
      assertThat(postern.ping()).isEqualTo(200);
      assertThat(shows(first)).isTrue();
    }
  }
}
