package dev.postern.testing.upstream;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Access tokens as authentik creates them for proxy providers: HS256 with the client secret.
public final class Jwt {
  private Jwt() {}

  /// Creates a signed token.
  ///
  /// @param sub the subject
  /// @param sid the id of the core session, or null for a token without a session
  /// @param exp when it expires
  /// @return the compact form
  public static String of(String sub, @Nullable String sid, Instant exp) {
    String session = sid == null ? "" : ",\"sid\":\"" + sid + "\"";
    String claims =
        "{\"iss\":\"http://authentik.test/application/o/app/\",\"sub\":\"%s\",\"aud\":\"cid-app\",\"exp\":%d,\"iat\":%d%s}"
            .formatted(sub, exp.getEpochSecond(), exp.getEpochSecond() - 3600, session);
    String signed = base64("{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + "." + base64(claims);
    return signed + "." + Base64.getUrlEncoder().withoutPadding().encodeToString(hmac(signed));
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] hmac(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec("client-secret".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
