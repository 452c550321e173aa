package dev.postern.server.edge;

/// Which bytes are valid in which part of a head.
final class Octets {
  private static final byte TOKEN = 1;
  private static final byte VALUE = 2;
  private static final byte TARGET = 4;
  private static final byte HOST = 8;
  private static final byte[] KINDS = kinds();

  private Octets() {}

  private static byte[] kinds() {
    byte[] kinds = new byte[256];
    for (int i = 0; i < 256; i++) {
      boolean visible = i > 0x20 && i != 0x7f;
      // RFC 9110 section 5.5: visible characters, bytes above ASCII, space and tab.
      kinds[i] |= visible || i == ' ' || i == '\t' ? VALUE : 0;
      // A fragment is never sent (RFC 9112 section 3.2). Some old clients send bytes above ASCII.
      kinds[i] |= visible && i != '#' ? TARGET : 0;
    }
    mark(kinds, TOKEN, "!#$%&'*+-.^_`|~");
    mark(kinds, HOST, "!$%&'()*+-.:;=[]_~");
    for (char c = '0'; c <= 'z'; c++) {
      if (Character.isLetterOrDigit(c)) {
        kinds[c] |= TOKEN | HOST;
      }
    }
    // Host names with bytes above ASCII: no resolver knows them, but some clients send them.
    for (int i = 0x80; i < 256; i++) {
      kinds[i] |= HOST;
    }
    return kinds;
  }

  private static void mark(byte[] kinds, byte kind, String characters) {
    for (int i = 0; i < characters.length(); i++) {
      kinds[characters.charAt(i)] |= kind;
    }
  }

  /// RFC 9110 section 5.6.2.
  static boolean isToken(byte[] bytes, int from, int to) {
    return from < to && isAll(TOKEN, bytes, from, to);
  }

  /// A token without capital letters, as in HTTP/2 header names (RFC 9113 section 8.2.1).
  static boolean isLowerCaseToken(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] >= 'A' && bytes[i] <= 'Z') {
        return false;
      }
    }
    return isToken(bytes, from, to);
  }

  static boolean isValue(byte[] bytes, int from, int to) {
    return isAll(VALUE, bytes, from, to);
  }

  /// The origin form of a request target (RFC 9112 section 3.2.1): a path with an optional query.
  static boolean isOriginForm(byte[] bytes, int from, int to) {
    return from < to && bytes[from] == '/' && isAll(TARGET, bytes, from, to);
  }

  static boolean isTarget(byte[] bytes, int from, int to) {
    return from < to && isAll(TARGET, bytes, from, to);
  }

  /// A host with an optional port (RFC 3986 section 3.2.2), or nothing.
  static boolean isHost(byte[] bytes, int from, int to) {
    return isAll(HOST, bytes, from, to);
  }

  private static boolean isAll(byte kind, byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if ((KINDS[bytes[i] & 0xff] & kind) == 0) {
        return false;
      }
    }
    return true;
  }

  /// Compares ignoring case.
  static boolean isSame(String name, byte[] bytes, int from, int to) {
    int length = name.length();
    if (to - from != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      int mine = name.charAt(i);
      int other = bytes[from + i] & 0xff;
      if (mine != other && (lower(mine) != lower(other))) {
        return false;
      }
    }
    return true;
  }

  private static int lower(int c) {
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
  }

  /// Text with one character per byte. The only way to make Latin-1 text without a decoder.
  static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, java.nio.charset.StandardCharsets.ISO_8859_1);
  }
}
