package dev.postern.server.edge;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/// A buffer that the head of a response is put together in.
final class HeadBytes {
  /// A buffer that one large head has made grow is given up after it.
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

  /// Appends text of one byte a character.
  // The only way to copy Latin-1 text without an array between.
  @SuppressWarnings("deprecation")
  void text(String value) {
    int size = value.length();
    room(size);
    value.getBytes(0, size, bytes, length);
    length += size;
  }

  /// Appends text in which a control character would end the line: it becomes a space.
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
