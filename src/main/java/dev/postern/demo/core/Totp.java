package dev.postern.demo.core;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Locale;

/// Time-based one-time codes of six digits and 30 seconds with HMAC-SHA1 (RFC 6238).
public final class Totp {
  private static final long STEP_SECONDS = 30;

  private Totp() {}

  /// The code of a moment.
  ///
  /// @param secret the key in base32
  /// @return six digits
  public static String code(String secret, Instant moment) {
    return code(secret, moment.getEpochSecond() / STEP_SECONDS, 6);
  }

  /// Whether a code is that of the moment or of the step before or after it.
  ///
  /// @param secret the key in base32
  /// @param code what was typed, spaces ignored
  /// @return true if it is right
  public static boolean matches(String secret, String code, Instant moment) {
    String typed = code.replace(" ", "");
    for (int drift = -1; drift <= 1; drift++) {
      if (code(secret, moment.plusSeconds(drift * STEP_SECONDS)).equals(typed)) {
        return true;
      }
    }
    return false;
  }

  static String code(String secret, long counter, int digits) {
    byte[] message = ByteBuffer.allocate(Long.BYTES).putLong(counter).array();
    byte[] hash = Hmac.of("HmacSHA1", Base32.decode(secret), message);
    int offset = hash[hash.length - 1] & 15;
    int number = ByteBuffer.wrap(hash, offset, Integer.BYTES).getInt() & Integer.MAX_VALUE;
    int modulus = 1;
    for (int i = 0; i < digits; i++) {
      modulus *= 10;
    }
    return String.format(Locale.ROOT, "%0" + digits + "d", number % modulus);
  }
}
