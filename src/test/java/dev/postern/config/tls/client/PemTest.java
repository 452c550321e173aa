package dev.postern.config.tls.client;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PemTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nothing at all | no PKCS #8 private key",
        "-----BEGIN PRIVATE KEY-----x-----END PRIVATE KEY----- | the private key is damaged",
        "-----BEGIN PRIVATE KEY-----AAAA-----END PRIVATE KEY----- | is not EC, RSA or EdDSA",
      })
  void key_thatCannotBeUsed_isRefusedWithItsFile(String text, String reason) throws IOException {
    Path file = Files.writeString(directory.resolve("server.key"), text);
    assertThatThrownBy(() -> Pem.privateKey(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("server.key")
        .hasMessageContaining(reason);
  }
}
