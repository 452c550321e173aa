package dev.postern.testing;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// One HTTP/1.1 request or response as it came over the wire (RFC 9112).
///
/// @param startLine request line or status line
/// @param fields the header lines in their order
/// @param body the body without its framing, one character per byte (ISO 8859-1)
public record RawMessage(String startLine, List<Field> fields, String body) {
  /// The kind of message, which decides how a body without a length ends.
  enum Kind {
    REQUEST,
    RESPONSE,
    RESPONSE_WITHOUT_BODY
  }

  /// Copies the list.
  public RawMessage {
    fields = List.copyOf(fields);
  }

  /// {@return the status code of a response}
  public int status() {
    return Integer.parseInt(startLine.substring(9, 12));
  }

  /// {@return the method of a request}
  public String method() {
    return startLine.substring(0, startLine.indexOf(' '));
  }

  /// {@return the request target, path and query as sent}
  public String target() {
    return startLine.substring(startLine.indexOf(' ') + 1, startLine.lastIndexOf(' '));
  }

  /// {@return the request target without its query}
  public String path() {
    String target = target();
    int query = target.indexOf('?');
    return query < 0 ? target : target.substring(0, query);
  }

  /// The values of all lines of one name.
  ///
  /// @param name the name, in any case
  /// @return the values in the order of the lines
  public List<String> values(String name) {
    return fields.stream().filter(f -> f.name().equalsIgnoreCase(name)).map(Field::value).toList();
  }

  /// The value of the first line of one name.
  ///
  /// @param name the name, in any case
  /// @return the value, or null when there is no such line
  public @Nullable String first(String name) {
    List<String> values = values(name);
    return values.isEmpty() ? null : values.getFirst();
  }

  /// {@return whether the sender closes the connection after this message}
  public boolean closes() {
    return values("Connection").stream()
        .anyMatch(v -> v.toLowerCase(Locale.ROOT).contains("close"));
  }

  /// Reads one message.
  ///
  /// @throws EOFException when the stream ends before the message is complete
  static RawMessage read(InputStream in, Kind kind) throws IOException {
    String startLine = readLine(in);
    List<Field> fields = new ArrayList<>();
    for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
      fields.add(Field.of(line));
    }
    RawMessage head = new RawMessage(startLine, fields, "");
    return new RawMessage(
        startLine, fields, new String(head.readBody(in, kind), StandardCharsets.ISO_8859_1));
  }

  private byte[] readBody(InputStream in, Kind kind) throws IOException {
    if (kind == Kind.RESPONSE_WITHOUT_BODY
        || (kind == Kind.RESPONSE && (status() == 204 || status() == 304 || status() < 200))) {
      return new byte[0];
    }
    String encoding = first("Transfer-Encoding");
    if (encoding != null && encoding.equalsIgnoreCase("chunked")) {
      return readChunks(in);
    }
    String length = first("Content-Length");
    if (length != null) {
      return readExactly(in, Integer.parseInt(length));
    }
    return kind == Kind.REQUEST ? new byte[0] : in.readAllBytes();
  }

  private static byte[] readChunks(InputStream in) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    while (true) {
      String line = readLine(in);
      int extension = line.indexOf(';');
      int size = Integer.parseInt(extension < 0 ? line : line.substring(0, extension), 16);
      if (size == 0) {
        break;
      }
      all.writeBytes(readExactly(in, size));
      readLine(in);
    }
    String trailer = readLine(in);
    while (!trailer.isEmpty()) {
      trailer = readLine(in);
    }
    return all.toByteArray();
  }

  private static byte[] readExactly(InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("the body ends after " + bytes.length + " of " + length + " bytes");
    }
    return bytes;
  }

  private static String readLine(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException(
            "closed " + (line.size() == 0 ? "before an answer" : "within a line: " + line));
      }
      line.write(b);
    }
    byte[] bytes = line.toByteArray();
    int end = bytes.length > 0 && bytes[bytes.length - 1] == '\r' ? bytes.length - 1 : bytes.length;
    return new String(Arrays.copyOf(bytes, end), StandardCharsets.ISO_8859_1);
  }

  @Override
  public String toString() {
    return startLine + " " + fields + " + " + body.length() + " bytes";
  }
}
