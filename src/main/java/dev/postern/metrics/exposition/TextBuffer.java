package dev.postern.metrics.exposition;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// A growing buffer of UTF-8 text.
final class TextBuffer {
  private static final int SMALL = 1_000_000;
  private static final int MAX_BYTES_PER_CHAR = 3;

  private byte[] bytes;
  private int length;

  TextBuffer(int expectedBytes) {
    bytes = new byte[expectedBytes];
  }

  TextBuffer add(String text) {
    int chars = text.length();
    room(chars * MAX_BYTES_PER_CHAR);
    for (int i = 0; i < chars; i++) {
      char c = text.charAt(i);
      if (c < 0x80) {
        bytes[length++] = (byte) c;
      } else {
        i += wide(text, i);
      }
    }
    return this;
  }

  /// Adds a non-ASCII character.
  ///
  /// @return number of further chars that belong to it
  private int wide(String text, int at) {
    char c = text.charAt(at);
    boolean isPair =
        Character.isHighSurrogate(c)
            && at + 1 < text.length()
            && Character.isLowSurrogate(text.charAt(at + 1));
    if (isPair) {
      int point = Character.toCodePoint(c, text.charAt(at + 1));
      put(0xf0 | (point >> 18));
      put(0x80 | ((point >> 12) & 0x3f));
      put(0x80 | ((point >> 6) & 0x3f));
      put(0x80 | (point & 0x3f));
      return 1;
    }
    if (c < 0x800) {
      put(0xc0 | (c >> 6));
      put(0x80 | (c & 0x3f));
      return 0;
    }
    int point = Character.isSurrogate(c) ? 0xfffd : c;
    put(0xe0 | (point >> 12));
    put(0x80 | ((point >> 6) & 0x3f));
    put(0x80 | (point & 0x3f));
    return 0;
  }

  private void put(int octet) {
    bytes[length++] = (byte) octet;
  }

  /// Adds text with backslashes and line ends escaped, and in quoted text also quotes.
  TextBuffer addEscaped(String text, boolean isQuoted) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\\' || c == '\n' || (c == '"' && isQuoted)) {
        return add(escaped(text, isQuoted));
      }
    }
    return add(text);
  }

  private static String escaped(String text, boolean isQuoted) {
    String slashes = text.replace("\\", "\\\\").replace("\n", "\\n");
    return isQuoted ? slashes.replace("\"", "\\\"") : slashes;
  }

  /// Adds a number as Go prints it; a small integer without creating a string.
  TextBuffer add(double value) {
    int whole = (int) value;
    if (whole != value || whole < 0 || whole >= SMALL || (whole == 0 && 1 / value < 0)) {
      return add(GoFloat.text(value));
    }
    int digits = 1;
    for (int rest = whole; rest >= 10; rest /= 10) {
      digits++;
    }
    room(digits);
    for (int i = length + digits - 1; i >= length; i--) {
      bytes[i] = (byte) ('0' + whole % 10);
      whole /= 10;
    }
    length += digits;
    return this;
  }

  private void room(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length + bytes.length / 2));
    }
  }

  ByteBuffer toByteBuffer() {
    return ByteBuffer.wrap(bytes, 0, length).slice();
  }
}
