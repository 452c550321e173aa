package dev.postern.demo.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class JwtTest {
  private static final String KNOWN =
      "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF"
          + "0IjoxNTE2MjM5MDIyfQ.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c";

  @Test
  void signJson_widelyKnownExample_hasTheWidelyKnownSignature() {
    String json = "{\"sub\":\"1234567890\",\"name\":\"John Doe\",\"iat\":1516239022}";
    assertThat(Jwt.signJson(json, "your-256-bit-secret")).isEqualTo(KNOWN);
  }

  @Test
  void verify_rightSecret_returnsTheClaims() {
    assertThat(Jwt.verify(KNOWN, "your-256-bit-secret"))
        .hasValueSatisfying(claims -> assertThat(claims).containsEntry("name", "John Doe"));
  }

  @Test
  void verify_otherSecretOrChangedToken_returnsNothing() {
    assertThat(Jwt.verify(KNOWN, "another")).isEmpty();
    assertThat(Jwt.verify(KNOWN + "x", "your-256-bit-secret")).isEmpty();
    String unsigned = "eyJhbGciOiJub25lIn0" + KNOWN.substring(KNOWN.indexOf('.'));
    assertThat(Jwt.verify(unsigned, "your-256-bit-secret")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a.b", "a.%%.c", "a.bm90IGpzb24.c"})
  void claims_malformed_returnsNothing(String token) {
    assertThat(Jwt.claims(token)).isEmpty();
  }

  @Test
  void sign_claimsInOrder_areReadBack() {
    String token = Jwt.sign(Map.of("sid", "s"), "k");
    assertThat(Jwt.verify(token, "k")).contains(Map.of("sid", "s"));
  }
}
