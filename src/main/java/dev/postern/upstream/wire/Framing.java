package dev.postern.upstream.wire;

import dev.postern.net.HeaderLines;

/// How the end of a body is determined (RFC 9112 section 6.3).
///
/// Anything ambiguous is refused, because two parsers would then disagree about where the next
/// message on the connection begins.
public sealed interface Framing {
  /// A known number of bytes.
  record Length(long bytes) implements Framing {}

  /// Ends with the last chunk.
  record Chunked() implements Framing {}

  /// Ends when the connection closes.
  record UntilClose() implements Framing {}

  Framing EMPTY = new Length(0);

  /// More digits would not fit into a `long`.
  int MAX_DIGITS = 18;

  /// Reads the framing of a message.
  ///
  /// @param undeclared the framing if the headers declare none
  /// @throws MalformedException if they are contradictory or unknown
  static Framing of(HeaderLines headers, Framing undeclared) throws MalformedException {
    int codings = headers.count("Transfer-Encoding");
    int lengths = headers.count("Content-Length");
    if (codings + lengths == 0) {
      return undeclared;
    }
    if (codings + lengths > 1) {
      throw new MalformedException("the length of the body is declared more than once");
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
      throw new MalformedException("Content-Length is not a number");
    }
    return new Length(Long.parseLong(value));
  }
}
