package dev.postern.upstream.wire;

import dev.postern.net.HeaderLines;

/// How the end of a body is known (RFC 9112 section 6.3).
///
/// Everything that two readers could understand differently is refused, because the next message on
/// the connection would begin at different places for them.
public sealed interface Framing {
  /// After so many bytes.
  record Length(long bytes) implements Framing {}

  /// By a last chunk.
  record Chunked() implements Framing {}

  /// When the connection ends.
  record UntilClose() implements Framing {}

  /// No body.
  Framing EMPTY = new Length(0);

  /// More digits would not fit into a `long`.
  int MAX_DIGITS = 18;

  /// Reads the framing of a message.
  ///
  /// @param headers its header lines
  /// @param undeclared what it is when they say nothing
  /// @throws MalformedException if they contradict each other or say something unknown
  static Framing of(HeaderLines headers, Framing undeclared) throws MalformedException {
    int codings = headers.count("Transfer-Encoding");
    int lengths = headers.count("Content-Length");
    if (codings + lengths == 0) {
      return undeclared;
    }
    if (codings + lengths > 1) {
      throw new MalformedException("the length of the body is given more than once");
    }
    String coding = headers.first("Transfer-Encoding");
    return coding == null
        ? length(String.valueOf(headers.first("Content-Length")))
        : coding(coding);
  }

  private static Framing coding(String value) throws MalformedException {
    if (!value.equalsIgnoreCase("chunked")) {
      throw new MalformedException("a transfer coding other than chunked");
    }
    return new Chunked();
  }

  private static Framing length(String value) throws MalformedException {
    if (!Octets.isDigits(value) || value.length() > MAX_DIGITS) {
      throw new MalformedException("Content-Length is no number");
    }
    return new Length(Long.parseLong(value));
  }
}
