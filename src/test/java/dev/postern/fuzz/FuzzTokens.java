package dev.postern.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.postern.upstream.JwtReader;
import dev.postern.verdict.TokenClaims;
import java.util.Base64;

/// Any bytes as a token or as its claims: never an exception, and no invented values.
public final class FuzzTokens {
  private static final JwtReader READER = new JwtReader();

  private FuzzTokens() {}

  /// Called by the fuzzer.
  ///
  /// @param data a token; or its claims if the first byte is `{`
  public static void fuzzerTestOneInput(byte[] data) {
    TokenClaims raw = READER.read(new String(data, ISO_8859_1));
    if (raw != null && data.length < 4) {
      throw new IllegalStateException("claims out of nothing");
    }
    String claims = Base64.getUrlEncoder().withoutPadding().encodeToString(data);
    READER.read("e30." + claims + ".c2ln");
  }
}
