package dev.postern.demo.core;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Keyed and plain digests.
public final class Hmac {
  private Hmac() {}

  /// An HMAC.
  ///
  /// @param algorithm its name in Java, for example `HmacSHA256`
  /// @param key the key, at least one byte
  /// @param message what is signed
  public static byte[] of(String algorithm, byte[] key, byte[] message) {
    try {
      Mac mac = Mac.getInstance(algorithm);
      mac.init(new SecretKeySpec(key, algorithm));
      return mac.doFinal(message);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The JDK lacks " + algorithm, e);
    }
  }

  /// An HMAC-SHA256 of texts.
  ///
  /// @param message what is signed
  public static byte[] sha256(String key, String message) {
    return of(
        "HmacSHA256",
        key.getBytes(StandardCharsets.UTF_8),
        message.getBytes(StandardCharsets.UTF_8));
  }

  /// The SHA-256 of a byte string in hexadecimal.
  ///
  /// @param text the text, one character a byte
  /// @return 64 digits
  public static String sha256Hex(String text) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.ISO_8859_1)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("The JDK lacks SHA-256", e);
    }
  }
}
