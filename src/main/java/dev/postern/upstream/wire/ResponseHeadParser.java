package dev.postern.upstream.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Parses the heads of one response, interim ones included, byte by byte.
///
/// Values keep every byte as one character; only surrounding white space is removed. What RFC 9112
/// lets a recipient repair (folded lines, bare line feeds, blanks before a colon) is refused: a
/// repaired response is not what the upstream sent.
public final class ResponseHeadParser {
  /// Limit for all heads of one response together.
  static final int MAX_BYTES = 1024 * 1024;

  /// Each line's objects take more memory than its bytes.
  static final int MAX_LINES = 10_000;

  /// The first byte of a TLS record that carries an alert (RFC 8446 section 5.1).
  private static final byte TLS_ALERT = 0x15;

  private final ByteArrayOutputStream line = new ByteArrayOutputStream(256);
  private List<HeaderLine> headers = new ArrayList<>();
  private int status;
  private boolean isCurrent;
  private boolean afterReturn;
  private int bytes;

  /// Parses more bytes.
  ///
  /// @param in received bytes; those after the head remain in it
  /// @return the head, or null if more bytes are needed
  /// @throws MalformedException if this is not a valid head; the parser cannot be used afterwards
  /// @throws OversizedException if it exceeds the limits; the parser cannot be used afterwards
  public @Nullable ResponseHead read(ByteBuf in) throws IOException {
    if (!in.isReadable()) {
      return null;
    }
    ByteBuffer view = in.nioBuffer();
    int start = view.position();
    ResponseHead head = read(view);
    in.skipBytes(view.position() - start);
    return head;
  }

  private @Nullable ResponseHead read(ByteBuffer in) throws IOException {
    while (in.hasRemaining()) {
      byte octet = in.get();
      if (++bytes > MAX_BYTES) {
        throw new OversizedException("the head is larger than 1 MiB");
      }
      if (afterReturn) {
        if (octet != '\n') {
          throw new MalformedException("a carriage return inside a line");
        }
        afterReturn = false;
        ResponseHead head = endLine();
        if (head != null) {
          return head;
        }
      } else if (octet == '\r') {
        afterReturn = true;
      } else {
        take(octet);
      }
    }
    return null;
  }

  private void take(byte octet) throws MalformedException {
    if (octet == TLS_ALERT && bytes == 1) {
      throw MalformedException.ofTlsRecord();
    }
    if (!Octets.isTextOctet(octet & 0xff)) {
      throw new MalformedException("a control character in the head");
    }
    line.write(octet);
  }

  private @Nullable ResponseHead endLine() throws IOException {
    String text = line.toString(ISO_8859_1);
    line.reset();
    if (status == 0) {
      readStatus(text);
      return null;
    }
    if (!text.isEmpty()) {
      headers.add(header(text));
      if (headers.size() > MAX_LINES) {
        throw new OversizedException("more than " + MAX_LINES + " header lines");
      }
      return null;
    }
    ResponseHead head = new ResponseHead(status, isCurrent, HeaderLines.of(headers));
    status = 0;
    headers = new ArrayList<>();
    return head;
  }

  /// `HTTP/1.1 200 OK`; some servers omit the blank before an empty reason, which is harmless.
  private void readStatus(String text) throws MalformedException {
    isCurrent = text.startsWith("HTTP/1.1 ");
    if (!isCurrent && !text.startsWith("HTTP/1.0 ")) {
      throw new MalformedException("no HTTP/1 status line");
    }
    boolean ends = text.length() == 12 || (text.length() > 12 && text.charAt(12) == ' ');
    if (!ends || !Octets.isDigits(text.substring(9, 12))) {
      throw new MalformedException("no status in the status line");
    }
    status = Integer.parseInt(text.substring(9, 12));
    if (status < 100 || status > 599) {
      throw new MalformedException("a status outside 100 to 599");
    }
  }

  private static HeaderLine header(String text) throws MalformedException {
    int colon = text.indexOf(':');
    if (colon < 0) {
      throw new MalformedException("a header line without a colon");
    }
    String name = text.substring(0, colon);
    if (!Octets.isToken(name)) {
      throw new MalformedException("a header name that is not a token");
    }
    return new HeaderLine(name, Octets.trim(text.substring(colon + 1)));
  }
}
