package dev.postern.verdict;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.SecretKeySpec;

/// HMAC-SHA-256 over length-prefixed parts, keyed with one process's random key.
///
/// Length prefixes make the input injective: no two lists of parts have the same bytes. An instance
/// serves one thread and is reused, so that a digest allocates only its result.
final class KeyedDigest {
  static final int KEY_BYTES = 32;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private final Mac mac;
  private final byte[] result = new byte[32];
  private byte[] input = new byte[1024];
  private int length;

  KeyedDigest(byte[] key) {
    try {
      mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java platform has HmacSHA256", impossible);
    }
  }

  /// Starts a new digest.
  ///
  /// @param kind separates digests of different purposes
  KeyedDigest begin(int kind) {
    length = 0;
    return number(kind);
  }

  KeyedDigest number(int value) {
    ensure(4);
    INTS.set(input, length, value);
    length += 4;
    return this;
  }

  /// Adds text.
  ///
  /// @param text each character is one byte
  KeyedDigest part(String text) {
    return part(text, 0, text.length());
  }

  /// Adds a piece of text.
  ///
  /// @param text each character is one byte
  /// @param from start of the piece
  /// @param to end of the piece, exclusive
  // The deprecated method is the only one that copies bytes without allocating an array.
  @SuppressWarnings("deprecation")
  KeyedDigest part(String text, int from, int to) {
    int size = to - from;
    number(size);
    ensure(size);
    text.getBytes(from, to, input, length);
    length += size;
    return this;
  }

  /// Finishes the digest.
  ///
  /// @return all 256 bits
  VerdictKey key() {
    run();
    return new VerdictKey(
        (long) LONGS.get(result, 0),
        (long) LONGS.get(result, 8),
        (long) LONGS.get(result, 16),
        (long) LONGS.get(result, 24));
  }

  /// Finishes the digest where a collision is harmless.
  ///
  /// @return the first 64 bits
  long tag() {
    run();
    return (long) LONGS.get(result, 0);
  }

  private void run() {
    mac.update(input, 0, length);
    try {
      mac.doFinal(result, 0);
    } catch (ShortBufferException impossible) {
      throw new IllegalStateException("the result has room for 256 bits", impossible);
    }
    Arrays.fill(input, 0, length, (byte) 0);
    if (input.length > MAX_KEPT_BYTES) {
      input = new byte[1024];
    }
  }

  /// Do not keep the buffer of one very large request.
  private static final int MAX_KEPT_BYTES = 64 * 1024;

  private void ensure(int more) {
    if (input.length - length < more) {
      byte[] larger = Arrays.copyOf(input, Math.max(2 * input.length, length + more));
      Arrays.fill(input, 0, length, (byte) 0);
      input = larger;
    }
  }
}
