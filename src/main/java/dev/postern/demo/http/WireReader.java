package dev.postern.demo.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads start lines, headers and bodies from a connection, within limits.
final class WireReader {
  static final int MAX_HEAD_BYTES = 1 << 20;
  static final int MAX_BODY_BYTES = 16 << 20;
  private static final String TOKEN_MARKS = "!#$%&'*+-.^_`|~";

  private final InputStream in;
  private int headBytes;

  WireReader(InputStream in) {
    this.in = new BufferedInputStream(in, 16 * 1024);
  }

  InputStream stream() {
    return in;
  }

  /// The start line of the next message, or null at the end of the stream.
  @Nullable String startLine() throws IOException {
    headBytes = 0;
    String line = line();
    while (line != null && line.isEmpty()) {
      line = line();
    }
    return line;
  }

  /// Waits until a byte is there.
  ///
  /// @return false at the end of the stream
  boolean awaitByte() throws IOException {
    in.mark(1);
    int next = in.read();
    in.reset();
    return next >= 0;
  }

  List<Header> headers() throws IOException {
    List<Header> headers = new ArrayList<>();
    while (true) {
      String line = line();
      if (line == null) {
        throw new EOFException("The connection ended inside the headers.");
      }
      if (line.isEmpty()) {
        return headers;
      }
      headers.add(header(line));
    }
  }

  private static Header header(String line) throws MalformedHttpException {
    int colon = line.indexOf(':');
    if (colon <= 0 || !isToken(line, colon)) {
      throw new MalformedHttpException(400, "A header line without a name.");
    }
    String value = trim(line.substring(colon + 1));
    if (value.chars().anyMatch(c -> (c < ' ' && c != '\t') || c == 0x7f)) {
      throw new MalformedHttpException(400, "A control character in a header value.");
    }
    return new Header(line.substring(0, colon), value);
  }

  private static boolean isToken(String line, int end) {
    for (int i = 0; i < end; i++) {
      char c = line.charAt(i);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!letter && TOKEN_MARKS.indexOf(c) < 0) {
        return false;
      }
    }
    return true;
  }

  private static String trim(String value) {
    int start = 0;
    int end = value.length();
    while (start < end && isBlank(value.charAt(start))) {
      start++;
    }
    while (end > start && isBlank(value.charAt(end - 1))) {
      end--;
    }
    return value.substring(start, end);
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  /// The body that these headers announce.
  ///
  /// @param toTheEnd whether a message without length ends with the connection
  byte[] body(List<Header> headers, boolean toTheEnd) throws IOException {
    if (Headers.hasToken(headers, "Transfer-Encoding", "chunked")) {
      return chunks();
    }
    String length = Headers.first(headers, "Content-Length");
    if (!length.isEmpty()) {
      return exactly(size(length, 10));
    }
    if (!toTheEnd) {
      return new byte[0];
    }
    byte[] rest = in.readNBytes(MAX_BODY_BYTES + 1);
    if (rest.length > MAX_BODY_BYTES) {
      throw new MalformedHttpException(413, "A body that is too large.");
    }
    return rest;
  }

  private byte[] chunks() throws IOException {
    ByteArrayOutputStream whole = new ByteArrayOutputStream();
    while (true) {
      headBytes = 0;
      String line = line();
      if (line == null) {
        throw new EOFException("The connection ended inside a chunk.");
      }
      int extension = line.indexOf(';');
      int size = size(trim(extension < 0 ? line : line.substring(0, extension)), 16);
      if (size == 0) {
        headers();
        return whole.toByteArray();
      }
      if (whole.size() + size > MAX_BODY_BYTES) {
        throw new MalformedHttpException(413, "A body that is too large.");
      }
      whole.writeBytes(exactly(size));
      line();
    }
  }

  private static int size(String digits, int radix) throws MalformedHttpException {
    try {
      int size = Integer.parseUnsignedInt(digits, radix);
      if (size < 0 || size > MAX_BODY_BYTES) {
        throw new MalformedHttpException(413, "A body that is too large.");
      }
      return size;
    } catch (NumberFormatException e) {
      throw new MalformedHttpException(400, "A length that is not a number.");
    }
  }

  private byte[] exactly(int size) throws IOException {
    byte[] bytes = in.readNBytes(size);
    if (bytes.length < size) {
      throw new EOFException("The connection ended inside the body.");
    }
    return bytes;
  }

  private @Nullable String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(80);
    while (true) {
      int next = in.read();
      if (next < 0) {
        if (line.size() == 0) {
          return null;
        }
        throw new EOFException("The connection ended inside a line.");
      }
      if (++headBytes > MAX_HEAD_BYTES) {
        throw new MalformedHttpException(431, "Headers above 1 MiB.");
      }
      if (next == '\n') {
        String text = line.toString(StandardCharsets.ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      }
      line.write(next);
    }
  }
}
