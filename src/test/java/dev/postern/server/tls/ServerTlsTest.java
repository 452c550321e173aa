package dev.postern.server.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.postern.config.EntryPointsConfig.ClientAuth;
import dev.postern.config.EntryPointsConfig.ClientAuthType;
import dev.postern.config.EntryPointsConfig.Tls;
import dev.postern.testing.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/// Messages about files that cannot be used, at the start and later.
class ServerTlsTest {
  private static final String MISSING =
      " cannot be read: there is no such file; create it, or mount it into the container";

  @TempDir Path directory;
  private Path certFile;
  private Path keyFile;

  @BeforeEach
  void write() throws Exception {
    certFile = directory.resolve("x.crt");
    keyFile = directory.resolve("x.key");
    write(Certificates.selfSigned(directory, "first"));
  }

  private void write(Certificates.Pair pair) throws IOException {
    Files.writeString(certFile, pair.certPem());
    Files.writeString(keyFile, pair.keyPem());
  }

  private ServerTls start() throws IOException {
    return start(new Tls(certFile, keyFile, List.of()));
  }

  private ServerTls start(Tls tls) throws IOException {
    return ServerTls.of(tls, directory.resolve("state"), Clock.systemUTC());
  }

  /// The log lines about certificates during an action.
  private static List<String> said(Runnable meanwhile) {
    Logger logger = (Logger) LoggerFactory.getLogger(ReloadingKeyManager.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    try {
      meanwhile.run();
    } finally {
      logger.detachAppender(lines);
    }
    return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
  }

  @Test
  void start_withoutTheFiles_namesKeyFileAndReason() throws IOException {
    Files.delete(keyFile);
    assertThatThrownBy(this::start)
        .hasMessage("entryPoints.auths.http.tls.keyFile: " + keyFile + MISSING);
    Files.delete(certFile);
    assertThatThrownBy(this::start)
        .hasMessage("entryPoints.auths.http.tls.certFile: " + certFile + MISSING);
  }

  @Test
  void start_withAuthoritiesThatCannotBeUsed_namesKeyFileAndReason() throws IOException {
    String key = "entryPoints.auths.http.tls.clientAuth.caFiles: ";
    Path none = directory.resolve("none");
    assertThatThrownBy(() -> start(checking(none))).hasMessage(key + none + MISSING);
    Path empty = Files.writeString(directory.resolve("empty"), "");
    assertThatThrownBy(() -> start(checking(empty)))
        .hasMessage(key + empty + ": no PEM certificate (BEGIN CERTIFICATE)");
    assertThatThrownBy(() -> start(checking(directory)))
        .hasMessageStartingWith(key + directory + " cannot be read: ")
        .hasMessageContaining("it is a directory");
  }

  private Tls checking(Path authority) {
    return new Tls(
        certFile,
        keyFile,
        List.of(),
        new ClientAuth(List.of(authority), ClientAuthType.REQUIRE_AND_VERIFY_CLIENT_CERT));
  }

  @Test
  void look_missingFile_isLoggedOnceWithItsReasonAndAgainWhenItIsBack() throws Exception {
    ServerTls tls = start();
    String before = Files.readString(certFile);
    Files.delete(certFile);
    assertThat(
            said(() -> {
              tls.look();
              tls.look();
            }))
        .containsExactly(
            "Keeping the current certificate: entryPoints.auths.http.tls.certFile: "
                + certFile
                + MISSING);

    Files.writeString(certFile, before);
    assertThat(said(tls::look)).containsExactly("Reloaded the certificate in " + certFile);
    assertThat(said(tls::look)).isEmpty();
  }

  @Test
  void look_certificateBeforeItsKey_loadsBothOnceTheKeyIsThere() throws Exception {
    ServerTls tls = start();
    Certificates.Pair second = Certificates.selfSigned(directory, "second");
    Files.writeString(certFile, second.certPem());
    tls.look();
    assertThat(tls.certificate()).isNotEqualTo(second.certificate());
    Files.writeString(keyFile, second.keyPem());
    tls.look();
    assertThat(tls.certificate()).isEqualTo(second.certificate());
  }

  @Test
  void reload_filesThatCannotBeUsed_failsEachTimeAndKeepsTheCertificate() throws Exception {
    ServerTls tls = start();
    var before = tls.certificate();
    Files.delete(certFile);
    tls.look();
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(tls::reload)
          .hasMessage("entryPoints.auths.http.tls.certFile: " + certFile + MISSING);
    }
    assertThat(tls.certificate()).isEqualTo(before);

    write(Certificates.selfSigned(directory, "second"));
    assertThatNoException().isThrownBy(tls::reload);
    assertThat(tls.certificate()).isNotEqualTo(before);
  }
}
