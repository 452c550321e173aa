package dev.postern.server.edge;

import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The head of an HTTP/1.1 request.
///
/// @param target the raw request target, in origin form
/// @param minor the minor version: 0 or 1
/// @param authority `Host`, empty if an HTTP/1.0 request has none
/// @param lines its header lines, without those that `Connection` lists
/// @param contentLength length of the body, or [#CHUNKED]
/// @param keepsAlive whether the connection stays open afterwards
/// @param expectsContinue whether the client waits before it sends the body
/// @param length bytes of the head, including its empty last line
record Http1Head(
    String method,
    String target,
    int minor,
    String authority,
    RawLines lines,
    long contentLength,
    boolean keepsAlive,
    boolean expectsContinue,
    int length) {
  static final long CHUNKED = -1;

  /// More digits would be larger than any real body.
  private static final int MAX_LENGTH_DIGITS = 18;

  String protocol() {
    return minor == 0 ? "HTTP/1.0" : "HTTP/1.1";
  }

  boolean hasBody() {
    return contentLength != 0;
  }

  /// Parses a head strictly: whatever two programs could parse differently is refused.
  ///
  /// @param bytes contain the head from its beginning
  /// @param start where its request line begins
  /// @param end the position after its empty line
  /// @throws RefusedException if the request is refused
  static Http1Head read(byte[] bytes, int start, int end) throws RefusedException {
    int lineEnd = lineEnd(bytes, start, end);
    int methodEnd = indexOf(bytes, ' ', start, lineEnd);
    if (!Octets.isToken(bytes, start, Math.max(start, methodEnd))) {
      throw RefusedException.malformed("The request line is not valid.");
    }
    int targetEnd = indexOf(bytes, ' ', methodEnd + 1, lineEnd);
    if (targetEnd < 0) {
      throw RefusedException.malformed("The request line is not valid.");
    }
    int minor = minorVersion(bytes, targetEnd + 1, lineEnd);
    checkTarget(bytes, methodEnd + 1, targetEnd);
    RawLines lines = lines(bytes, lineEnd + 2, end);
    return of(
        Octets.text(bytes, start, methodEnd),
        Octets.text(bytes, methodEnd + 1, targetEnd),
        minor,
        lines,
        end);
  }

  private static Http1Head of(String method, String target, int minor, RawLines lines, int end)
      throws RefusedException {
    String authority = authority(lines, minor);
    long contentLength = contentLength(lines, minor);
    Set<String> named = ConnectionLines.named(lines);
    boolean keepsAlive = minor == 1 ? !named.contains("close") : named.contains("keep-alive");
    endHere(lines, named);
    String expect = minor == 1 && contentLength != 0 ? lines.single("Expect") : null;
    return new Http1Head(
        method,
        target,
        minor,
        authority,
        lines,
        contentLength,
        keepsAlive,
        "100-continue".equalsIgnoreCase(expect),
        end);
  }

  private static int minorVersion(byte[] bytes, int from, int to) throws RefusedException {
    boolean form = to - from == 8 && bytes[from + 6] == '.' && isDigit(bytes[from + 5]);
    for (int i = 0; form && i < 5; i++) {
      form = bytes[from + i] == "HTTP/".charAt(i);
    }
    if (!form || !isDigit(bytes[from + 7])) {
      throw RefusedException.malformed("The request line is not valid.");
    }
    int minor = bytes[from + 7] - '0';
    if (bytes[from + 5] != '1' || minor > 1) {
      throw new RefusedException(
          new Refusal(Limit.MALFORMED, 505, "This HTTP version is not supported."));
    }
    return minor;
  }

  private static void checkTarget(byte[] bytes, int from, int to) throws RefusedException {
    if (!Octets.isTarget(bytes, from, to)) {
      throw RefusedException.malformed("The request target contains invalid characters.");
    }
    if (bytes[from] != '/') {
      throw RefusedException.malformed("The request target is not a path.");
    }
  }

  private static RawLines lines(byte[] bytes, int from, int end) throws RefusedException {
    RawLines lines = new RawLines(bytes);
    int start = from;
    while (start < end - 2) {
      int lineEnd = lineEnd(bytes, start, end);
      int colon = indexOf(bytes, ':', start, lineEnd);
      // A blank before the name would continue the previous line (obs-fold), and parsers disagree
      // about a blank after it: neither is a token.
      if (colon < 0 || !Octets.isToken(bytes, start, colon)) {
        throw RefusedException.malformed("A header line is not valid.");
      }
      int valueStart = colon + 1;
      while (valueStart < lineEnd && isBlank(bytes[valueStart])) {
        valueStart++;
      }
      int valueEnd = lineEnd;
      while (valueEnd > valueStart && isBlank(bytes[valueEnd - 1])) {
        valueEnd--;
      }
      if (!Octets.isValue(bytes, valueStart, valueEnd)) {
        throw RefusedException.malformed("A header line contains control characters.");
      }
      lines.add(start, colon, valueStart, valueEnd);
      start = lineEnd + 2;
    }
    return lines;
  }

  private static String authority(RawLines lines, int minor) throws RefusedException {
    String first = lines.first("Host");
    if (lines.count("Host") > 1 || (first == null && minor == 1)) {
      throw RefusedException.malformed("The request must have exactly one Host header.");
    }
    String host = first == null ? "" : first;
    byte[] bytes = host.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    if (!Octets.isHost(bytes, 0, bytes.length)) {
      throw RefusedException.malformed("The Host header is not valid.");
    }
    return host;
  }

  private static long contentLength(RawLines lines, int minor) throws RefusedException {
    int codings = lines.count("Transfer-Encoding");
    int lengths = lines.count("Content-Length");
    if (codings == 0) {
      return lengths == 0 ? 0 : length(lines.single("Content-Length"));
    }
    // RFC 9112 section 6.1: both together, or a coding over HTTP/1.0, allow request smuggling.
    if (lengths > 0 || minor == 0 || codings > 1) {
      throw RefusedException.malformed("The length of the body is ambiguous.");
    }
    if (!"chunked".equalsIgnoreCase(lines.first("Transfer-Encoding"))) {
      throw RefusedException.malformed("The transfer coding must be chunked.");
    }
    return CHUNKED;
  }

  private static long length(@Nullable String only) throws RefusedException {
    String digits = only == null ? "" : only;
    boolean valid = !digits.isEmpty() && digits.length() <= MAX_LENGTH_DIGITS;
    for (int i = 0; valid && i < digits.length(); i++) {
      valid = isDigit((byte) digits.charAt(i)) && digits.charAt(i) < 0x80;
    }
    if (!valid) {
      throw RefusedException.malformed("The length of the body is ambiguous.");
    }
    return Long.parseLong(digits);
  }

  private static void endHere(RawLines lines, Set<String> named) throws RefusedException {
    for (String name : named) {
      if (ConnectionLines.isNeeded(name)) {
        throw RefusedException.malformed("The Connection header names a required header.");
      }
    }
    if (!named.isEmpty()) {
      lines.removeIf(line -> {
        String name = lines.name(line);
        return named.contains(name.toLowerCase(Locale.ROOT))
            && !ConnectionLines.isForHandlers(name);
      });
    }
  }

  /// The position of CR LF; a single CR or LF is refused together with its line.
  private static int lineEnd(byte[] bytes, int from, int end) {
    int i = from;
    while (i < end && bytes[i] != '\n') {
      i++;
    }
    return i - 1;
  }

  private static int indexOf(byte[] bytes, char wanted, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }
}
