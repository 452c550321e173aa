package dev.postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.postern.app.Sidecar;
import dev.postern.app.StartException;
import dev.postern.config.StaticConfig;
import dev.postern.testing.Await;
import dev.postern.testing.Certificates;
import dev.postern.testing.Certificates.Pair;
import dev.postern.testing.PosternConfig;
import dev.postern.testing.RawHttp;
import dev.postern.testing.upstream.RecordingUpstream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// The certificate of the entry point `auths`: generated and kept, or configured and reloaded.
class CertificateTest {
  private static final Duration NOTICE = Duration.ofSeconds(30);

  @TempDir Path directory;
  private final RecordingUpstream upstream = new RecordingUpstream();

  @AfterEach
  void stop() {
    upstream.close();
  }

  @Test
  void selfMade_restartWithTheSameStateDirectory_showsTheSameCertificate() throws Exception {
    Path state = directory.resolve("state");
    StaticConfig config = PosternConfig.of(upstream.url(), state).build();
    X509Certificate first;
    try (Sidecar postern = Sidecar.start(config)) {
      first = shown(postern);
    }

    try (Sidecar postern = Sidecar.start(config)) {
      assertThat(shown(postern)).isEqualTo(first);
    }
    assertThat(Certificates.read(state.resolve("postern.crt"))).isEqualTo(first);
    assertThat(Files.getPosixFilePermissions(state.resolve("postern.key")))
        .as("only the owner may read the key")
        .isSubsetOf(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
  }

  @Test
  void selfMade_otherStateDirectory_isAnotherCertificateThatNamesLocalhost() throws Exception {
    X509Certificate first;
    try (Sidecar postern = start(directory.resolve("one"))) {
      first = shown(postern);
    }
    try (Sidecar postern = start(directory.resolve("two"))) {
      X509Certificate second = shown(postern);
      assertThat(second).isNotEqualTo(first);
      assertThat(second.getSubjectAlternativeNames().toString())
          .contains("localhost")
          .contains("127.0.0.1");
      second.checkValidity();
    }
  }

  @Test
  void selfMade_unreadableFilesInTheStateDirectory_areReplacedByAGoodPair() throws Exception {
    Path state = Files.createDirectories(directory.resolve("state"));
    Files.writeString(state.resolve("postern.crt"), "no certificate");
    Files.writeString(state.resolve("postern.key"), "no key");
    try (Sidecar postern = start(state)) {
      assertThat(Certificates.read(state.resolve("postern.crt"))).isEqualTo(shown(postern));
    }
  }

  @Test
  void given_filesChange_newHandshakesSeeTheNewCertificateAndBadFilesChangeNothing()
      throws Exception {
    Pair first = Certificates.selfSigned(directory, "first");
    Pair second = Certificates.selfSigned(directory, "second");
    Path certFile = directory.resolve("given.crt");
    Path keyFile = directory.resolve("given.key");
    write(certFile, first.certPem());
    write(keyFile, first.keyPem());
    StaticConfig config =
        PosternConfig.of(upstream.url(), directory.resolve("state"))
            .certificate(certFile, keyFile)
            .build();
    try (Sidecar postern = Sidecar.start(config);
        RawHttp old =
            RawHttp.connectTls(postern.authsPort(), Certificates.trusting(first.certificate()))) {
      assertThat(shown(postern)).isEqualTo(first.certificate());

      write(keyFile, second.keyPem());
      write(certFile, second.certPem());
      Await.until(
          "the new certificate is shown",
          NOTICE,
          () -> shown(postern).equals(second.certificate()));
      assertThat(old.exchange(RawHttp.get("/", "Host: localhost")).status())
          .as("open connections go on")
          .isEqualTo(404);

      try (Warnings warnings = new Warnings()) {
        write(certFile, "-----BEGIN CERTIFICATE-----\nnot base64\n-----END CERTIFICATE-----\n");
        Await.until("the bad file is reported", NOTICE, () -> warnings.mention("given.crt"));
      }
      assertThat(shown(postern)).isEqualTo(second.certificate());
    }
    assertThat(directory.resolve("state").resolve("postern.key"))
        .as("no self-made key beside a given one")
        .doesNotExist();
  }

  private Sidecar start(Path state) throws StartException {
    return Sidecar.start(PosternConfig.of(upstream.url(), state).build());
  }

  private static X509Certificate shown(Sidecar postern)
      throws IOException, GeneralSecurityException {
    try (RawHttp http = RawHttp.connectTls(postern.authsPort(), Certificates.trustingAll())) {
      return Objects.requireNonNull(http.certificate());
    }
  }

  private static void write(Path file, String text) throws IOException {
    Path next = Files.writeString(file.resolveSibling(file.getFileName() + ".next"), text);
    Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  /// Captures log lines of level WARN and above while it is open.
  private static final class Warnings extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final List<String> messages = new CopyOnWriteArrayList<>();
    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);

    Warnings() {
      setContext(root.getLoggerContext());
      start();
      root.addAppender(this);
    }

    boolean mention(String text) {
      return messages.stream().anyMatch(message -> message.contains(text));
    }

    @Override
    protected void append(ILoggingEvent event) {
      if (event.getLevel().isGreaterOrEqual(Level.WARN)) {
        messages.add(event.getFormattedMessage());
      }
    }

    @Override
    public void close() {
      root.detachAppender(this);
      stop();
    }
  }
}
