package dev.postern.routing.source;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postern.config.key.Words;
import dev.postern.routing.source.BadResponse.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads one HTTP/1.1 response (RFC 9112); the connection is not reused.
final class ApiResponseReader {
  private static final int MAX_HEAD_BYTES = 64 * 1024;
  private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] ([1-5]\\d{2})(?: .*)?");
  private static final Pattern CHUNK_SIZE = Pattern.compile("([0-9A-Fa-f]{1,7})[ \t]*(?:;.*)?");
  private static final Pattern LENGTH = Pattern.compile("\\d{1,18}");

  private final InputStream in;
  private final int maxBodyBytes;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private boolean isBegun;
  private int headBytes;

  private ApiResponseReader(InputStream in, int maxBodyBytes) {
    this.in = in;
    this.maxBodyBytes = maxBodyBytes;
  }

  /// A response.
  ///
  /// @param fields its header, names in lower case; the first value of each name
  /// @param body its body, decoded as UTF-8; empty unless the status is 200
  record Response(int status, Map<String, String> fields, String body) {}

  /// Reads a response.
  ///
  /// @param maxBodyBytes maximum size of the body
  /// @throws BadResponse if it cannot be used
  /// @throws IOException if the connection breaks or times out
  static Response read(InputStream in, int maxBodyBytes) throws IOException {
    return new ApiResponseReader(in, maxBodyBytes).answer();
  }

  private Response answer() throws IOException {
    int status = status(line());
    Map<String, String> fields = fields();
    while (status < 200) {
      status = status(line());
      fields = fields();
    }
    if (status == 200) {
      readBody(fields);
    }
    return new Response(status, fields, body.toString(UTF_8));
  }

  private static int status(String line) throws BadResponse {
    Matcher matcher = STATUS.matcher(line);
    if (!matcher.matches()) {
      throw new BadResponse(Kind.NOT_HTTP);
    }
    return Integer.parseInt(matcher.group(1));
  }

  private Map<String, String> fields() throws IOException {
    Map<String, String> fields = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw new BadResponse(Kind.NOT_HTTP);
      }
      fields.putIfAbsent(Words.lower(line.substring(0, colon)), line.substring(colon + 1).strip());
    }
    return fields;
  }

  private void readBody(Map<String, String> fields) throws IOException {
    String coding = fields.get("transfer-encoding");
    String length = fields.get("content-length");
    if (coding != null) {
      if (!coding.equalsIgnoreCase("chunked")) {
        throw new BadResponse(Kind.NOT_HTTP);
      }
      readChunks();
    } else if (length != null) {
      if (!LENGTH.matcher(length).matches()) {
        throw new BadResponse(Kind.NOT_HTTP);
      }
      readExactly(Long.parseLong(length));
    } else {
      readToTheEnd();
    }
  }

  private void readChunks() throws IOException {
    while (true) {
      Matcher size = CHUNK_SIZE.matcher(line());
      if (!size.matches()) {
        throw new BadResponse(Kind.NOT_HTTP);
      }
      int bytes = Integer.parseInt(size.group(1), 16);
      if (bytes == 0) {
        // Trailers follow, which are not needed.
        return;
      }
      readExactly(bytes);
      if (!line().isEmpty()) {
        throw new BadResponse(Kind.NOT_HTTP);
      }
      headBytes = 0;
    }
  }

  private void readExactly(long bytes) throws IOException {
    if (bytes > maxBodyBytes - body.size()) {
      throw new BadResponse(Kind.TOO_LONG);
    }
    byte[] read = in.readNBytes((int) bytes);
    if (read.length < bytes) {
      throw new BadResponse(Kind.CUT_OFF);
    }
    body.writeBytes(read);
  }

  private void readToTheEnd() throws IOException {
    body.writeBytes(in.readNBytes(maxBodyBytes + 1));
    if (body.size() > maxBodyBytes) {
      throw new BadResponse(Kind.TOO_LONG);
    }
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = in.read(); next != '\n'; next = in.read()) {
      if (next < 0) {
        throw new BadResponse(isBegun ? Kind.CUT_OFF : Kind.NOTHING);
      }
      isBegun = true;
      if (++headBytes > MAX_HEAD_BYTES) {
        throw new BadResponse(Kind.NOT_HTTP);
      }
      line.write(next);
    }
    headBytes++;
    String text = line.toString(ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }
}
