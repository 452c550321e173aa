package dev.postern.demo.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The vectors of RFC 6238 appendix B for SHA-1.
final class TotpTest {
  private static final String SECRET =
      Base32.encode("12345678901234567890".getBytes(StandardCharsets.US_ASCII));

  @ParameterizedTest
  @CsvSource({
    "59, 94287082",
    "1111111109, 07081804",
    "1111111111, 14050471",
    "1234567890, 89005924",
    "2000000000, 69279037",
    "20000000000, 65353130"
  })
  void code_momentOfTheRfc_isTheCodeOfTheRfc(long seconds, String expected) {
    assertThat(Totp.code(SECRET, seconds / 30, 8)).isEqualTo(expected);
    assertThat(Totp.code(SECRET, Instant.ofEpochSecond(seconds))).isEqualTo(expected.substring(2));
  }

  @Test
  void matches_neighbouringStepAndSpaces_isAccepted() {
    Instant moment = Instant.ofEpochSecond(1111111109);
    assertThat(Totp.matches(SECRET, "081 804", moment)).isTrue();
    assertThat(Totp.matches(SECRET, "081804", moment.plusSeconds(30))).isTrue();
    assertThat(Totp.matches(SECRET, "081804", moment.plusSeconds(90))).isFalse();
    assertThat(Totp.matches(SECRET, "", moment)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"f, MY", "fo, MZXQ", "foo, MZXW6", "foob, MZXW6YQ", "fooba, MZXW6YTB"})
  void base32_wordsOfTheRfc_goBothWays(String text, String encoded) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    assertThat(Base32.encode(bytes)).isEqualTo(encoded);
    assertThat(Base32.decode(encoded)).isEqualTo(bytes);
  }
}
