package dev.postern.demo.core;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/// JSON web tokens signed with HS256 (RFC 7515, RFC 7519).
public final class Jwt {
  private static final String HEADER = encode("{\"alg\":\"HS256\",\"typ\":\"JWT\"}");
  private static final JsonMapper JSON = new JsonMapper();
  private static final TypeReference<LinkedHashMap<String, Object>> CLAIMS =
      new TypeReference<>() {};

  private Jwt() {}

  /// Signs claims.
  ///
  /// @param claims the claims in their order
  /// @param secret the key
  /// @return the compact form
  public static String sign(Map<String, ?> claims, String secret) {
    return signJson(JSON.writeValueAsString(claims), secret);
  }

  /// Signs claims that are JSON text already.
  ///
  /// @param json an object
  /// @param secret the key
  /// @return the compact form
  public static String signJson(String json, String secret) {
    String signed = HEADER + "." + encode(json);
    return signed + "." + base64(Hmac.sha256(secret, signed));
  }

  /// Checks a token's signature, nothing else.
  ///
  /// @param token the compact form
  /// @param secret the key
  /// @return the claims, or nothing if the token is malformed or signed with another key
  public static Optional<Map<String, Object>> verify(String token, String secret) {
    int dot = token.lastIndexOf('.');
    if (dot < 0 || !token.startsWith(HEADER + ".")) {
      return Optional.empty();
    }
    byte[] expected =
        base64(Hmac.sha256(secret, token.substring(0, dot))).getBytes(StandardCharsets.US_ASCII);
    byte[] given = token.substring(dot + 1).getBytes(StandardCharsets.ISO_8859_1);
    return MessageDigest.isEqual(expected, given) ? claims(token) : Optional.empty();
  }

  /// Reads a token's claims without looking at its signature.
  ///
  /// @param token the compact form
  /// @return the claims, or nothing if the token is malformed
  public static Optional<Map<String, Object>> claims(String token) {
    String[] parts = token.split("\\.", -1);
    if (parts.length != 3) {
      return Optional.empty();
    }
    try {
      byte[] json = Base64.getUrlDecoder().decode(parts[1]);
      return Optional.of(JSON.readValue(json, CLAIMS));
    } catch (IllegalArgumentException | JacksonException e) {
      return Optional.empty();
    }
  }

  private static String encode(String json) {
    return base64(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
