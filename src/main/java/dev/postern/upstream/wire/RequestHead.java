package dev.postern.upstream.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;

/// The head of a request (RFC 9112 section 3).
///
/// @param target the request target, as sent in the request line
/// @param headers the header lines; they also define the body's framing
public record RequestHead(String method, String target, HeaderLines headers) {
  /// Whether the request may be sent twice (RFC 9110 section 9.2.1).
  public boolean isSafe() {
    return method.equals("GET") || method.equals("HEAD") || method.equals("OPTIONS");
  }

  /// The framing of the request's body; undeclared means no body.
  ///
  /// @throws MalformedException if the headers are contradictory or unknown
  public Framing framing() throws MalformedException {
    return Framing.of(headers, Framing.EMPTY);
  }

  /// The head as sent: one line per header line, in order and spelling.
  ///
  /// Names are not validated against the grammar, which is up to the upstream; but no byte may end
  /// a line or a name early.
  ///
  /// @return the bytes, including the blank line at the end
  /// @throws MalformedException if a part contains bytes that would change its end
  public byte[] bytes() throws MalformedException {
    if (!Octets.isToken(method)) {
      throw new MalformedException("the method is not a token");
    }
    if (target.isEmpty() || !target.chars().allMatch(Octets::isVisible)) {
      throw new MalformedException("a blank or control character in the request target");
    }
    StringBuilder text = new StringBuilder((int) headers.bytes() + target.length() + 32);
    text.append(method).append(' ').append(target).append(" HTTP/1.1\r\n");
    for (HeaderLine line : headers.lines()) {
      append(text, line);
    }
    return text.append("\r\n").toString().getBytes(ISO_8859_1);
  }

  private static void append(StringBuilder text, HeaderLine line) throws MalformedException {
    String name = line.name();
    if (name.isEmpty() || !name.chars().allMatch(c -> Octets.isVisible(c) && c != ':')) {
      throw new MalformedException("a header name that cannot be sent");
    }
    if (!line.value().chars().allMatch(c -> c != '\r' && c != '\n' && c != 0 && c <= 0xff)) {
      throw new MalformedException("a header value that cannot be sent");
    }
    text.append(name).append(": ").append(line.value()).append("\r\n");
  }
}
