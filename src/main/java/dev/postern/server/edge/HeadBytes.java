package dev.postern.server.edge;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// A growing buffer for the head of a response.
final class HeadBytes {
  /// Larger buffers are dropped after use, so that one large head does not keep memory.
  private static final int KEPT_BYTES = 64 * 1024;

  private byte[] bytes = new byte[4096];
  private int length;

  void clear() {
    length = 0;
    if (bytes.length > KEPT_BYTES) {
      bytes = new byte[4096];
    }
  }

  int length() {
    return length;
  }

  void copyTo(ByteBuf target) {
    target.writeBytes(bytes, 0, length);
  }

  byte[] copy() {
    return Arrays.copyOf(bytes, length);
  }

  void octet(int value) {
    room(1);
    bytes[length++] = (byte) value;
  }

  void octets(byte[] value) {
    room(value.length);
    System.arraycopy(value, 0, bytes, length, value.length);
    length += value.length;
  }

  /// Appends text, one byte per character. The only way to copy Latin-1 text without a temporary
  /// array.
  @SuppressWarnings("deprecation")
  void text(String value) {
    int size = value.length();
    room(size);
    value.getBytes(0, size, bytes, length);
    length += size;
  }

  /// Appends text and replaces control characters, which could end the line, by spaces.
  void guardedText(String value) {
    int from = length;
    text(value);
    for (int i = from; i < length; i++) {
      if (bytes[i] == '\r' || bytes[i] == '\n' || bytes[i] == 0) {
        bytes[i] = ' ';
      }
    }
  }

  private void room(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }
}
