package dev.postern.config.tls.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.testing.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Each problem with a file has a message that begins with the configuration key and names the
/// file.
class PemFileTest {
  @TempDir Path directory;

  private PemFile file(String text) throws IOException {
    return new PemFile("a.key", Files.writeString(directory.resolve("x.pem"), text));
  }

  private String prefix() {
    return "a.key: " + directory.resolve("x.pem");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nothing at all | : no PKCS #8 private key",
        "-----BEGIN RSA PRIVATE KEY-----x | : no PKCS #8 private key",
        "-----BEGIN CERTIFICATE-----x | : it contains a certificate instead of a private key",
        "-----BEGIN PRIVATE KEY-----x-----END PRIVATE KEY----- | : the private key is damaged",
        "-----BEGIN PRIVATE KEY-----AAAA-----END PRIVATE KEY----- | : the private key is not EC",
      })
  void key_thatCannotBeUsed_isRefusedWithItsFile(String text, String reason) throws IOException {
    assertThatThrownBy(file(text)::privateKey)
        .isInstanceOf(PemException.class)
        .hasMessageStartingWith(prefix() + reason);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | : no PEM certificate (BEGIN CERTIFICATE)",
        "nothing at all | : no PEM certificate (BEGIN CERTIFICATE)",
        "-----BEGIN CERTIFICATE-----;AAAA;-----END CERTIFICATE-----; | : it contains no readable"
            + " PEM certificate: ",
      })
  void certificate_thatCannotBeUsed_isRefusedWithItsFile(String text, String reason)
      throws IOException {
    assertThatThrownBy(file(text.replace(';', '\n'))::certificates)
        .isInstanceOf(PemException.class)
        .hasMessageStartingWith(prefix() + reason);
  }

  @Test
  void certificate_fileOfAPrivateKey_isReported() throws Exception {
    PemFile key = file(Certificates.selfSigned(directory, "a").keyPem());
    assertThatThrownBy(key::certificates)
        .hasMessage(
            prefix()
                + ": it contains a private key, but must contain only certificates (BEGIN"
                + " CERTIFICATE); set the certificate file here");
  }

  @Test
  void missingFileAndDirectory_areReportedWithTheFix() {
    PemFile missing = new PemFile("a.key", directory.resolve("none"));
    assertThatThrownBy(missing::certificates)
        .hasMessage(
            "a.key: %s cannot be read: there is no such file; create it, or mount it into the container"
                .formatted(missing.path()));
    assertThatThrownBy(new PemFile("a.key", directory)::privateKey)
        .hasMessageStartingWith("a.key: " + directory + " cannot be read: ")
        .hasMessageContaining("directory");
  }

  @Test
  void certificates_ofAChain_areAllReadInTheirOrder() throws Exception {
    Certificates.Pair a = Certificates.selfSigned(directory, "a");
    Certificates.Pair b = Certificates.selfSigned(directory, "b");
    assertThat(file(a.certPem() + b.certPem()).certificates())
        .containsExactly(a.certificate(), b.certificate());
  }
}
