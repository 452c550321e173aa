package dev.postern.verdict;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.SecureRandom;

/// Makes the digests of one process.
///
/// A *key* identifies a verdict, a *tag* identifies something that can be revoked. Both depend on
/// the same random key, so clients cannot construct collisions, and neither can be compared between
/// processes.
final class Tags {
  static final int KEY = 1;
  static final int ANONYMOUS_KEY = 2;
  static final int COOKIE = 3;
  static final int AUTHORIZATION = 4;
  static final int SID = 5;
  static final int SUB = 6;
  static final int APPLICATION = 7;
  static final int SHARED_KEY = 8;

  private final ThreadLocal<KeyedDigest> digests;
  private final SipHash cookies;

  Tags(byte[] key) {
    byte[] own = key.clone();
    digests = ThreadLocal.withInitial(() -> new KeyedDigest(own));
    VerdictKey derived = digest().begin(COOKIE).key();
    cookies = new SipHash(derived.a(), derived.b());
  }

  static Tags random() {
    byte[] key = new byte[KeyedDigest.KEY_BYTES];
    new SecureRandom().nextBytes(key);
    return new Tags(key);
  }

  KeyedDigest digest() {
    return digests.get();
  }

  /// The tag of a cookie value.
  ///
  /// @param text text that holds the value; each character is one byte
  /// @param from start of the value
  /// @param to end of the value, exclusive
  long cookie(String text, int from, int to) {
    return cookies.of(text, from, to);
  }

  long authorization(String value) {
    return digest().begin(AUTHORIZATION).part(value).tag();
  }

  long sid(String sid) {
    return text(SID, sid);
  }

  long sub(String sub) {
    return text(SUB, sub);
  }

  long application(String name) {
    return text(APPLICATION, name);
  }

  /// Encodes a text so that each character is one byte, for [KeyedDigest#part].
  static String bytes(String text) {
    return new String(text.getBytes(UTF_8), ISO_8859_1);
  }

  /// As UTF-8: names come decoded from JSON and may hold any character.
  private long text(int kind, String text) {
    return digest().begin(kind).part(bytes(text)).tag();
  }
}
