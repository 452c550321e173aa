package dev.postern.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.postern.net.HeaderLine;
import dev.postern.upstream.wire.BodyDecoder;
import dev.postern.upstream.wire.ResponseHead;
import dev.postern.upstream.wire.ResponseHeadParser;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;

/// Any bytes as responses of an upstream: the result does not depend on how the bytes are split
/// into pieces, and contains nothing that could end a line.
public final class FuzzResponses {
  private FuzzResponses() {}

  /// Called by the fuzzer.
  ///
  /// @param data the first byte is the size of the pieces; the rest is the response
  public static void fuzzerTestOneInput(byte[] data) {
    if (data.length == 0) {
      return;
    }
    String inOne = read(data, data.length);
    String inPieces = read(data, 1 + (data[0] & 0x1f));
    if (!inOne.equals(inPieces)) {
      throw new IllegalStateException("in one: " + inOne + "\nin pieces: " + inPieces);
    }
  }

  /// Reads one response, its interim ones included.
  ///
  /// @return a description of the result
  private static String read(byte[] data, int piece) {
    StringBuilder seen = new StringBuilder();
    ResponseHeadParser parser = new ResponseHeadParser();
    BodyDecoder decoder = null;
    ByteBuf all = Unpooled.wrappedBuffer(data, 1, data.length - 1);
    try {
      while (all.isReadable() && (decoder == null || !decoder.hasEnded())) {
        ByteBuf in = all.readSlice(Math.min(piece, all.readableBytes()));
        decoder = read(in, parser, decoder, seen);
        // Bytes after the end are ignored.
        all.readerIndex(all.readerIndex() - in.readableBytes());
      }
    } catch (IOException refused) {
      return seen + " refused: " + refused.getMessage();
    }
    return seen + " left: " + all.readableBytes();
  }

  private static BodyDecoder read(
      ByteBuf in, ResponseHeadParser parser, BodyDecoder body, StringBuilder seen)
      throws IOException {
    BodyDecoder decoder = body;
    while (decoder == null) {
      ResponseHead head = parser.read(in);
      if (head == null) {
        return null;
      }
      check(head);
      seen.append(head.status()).append(head.headers().lines());
      if (!head.isInterim()) {
        decoder = BodyDecoder.of(head.framing("GET"));
      }
    }
    for (ByteBuf next = decoder.next(in); next != null; next = decoder.next(in)) {
      byte[] bytes = new byte[next.readableBytes()];
      next.readBytes(bytes);
      seen.append(new String(bytes, ISO_8859_1));
    }
    return decoder;
  }

  private static void check(ResponseHead head) {
    for (HeaderLine line : head.headers().lines()) {
      if (line.name().isEmpty() || (line.name() + line.value()).matches("(?s).*[\r\n\0].*")) {
        throw new IllegalStateException("a line that could end early");
      }
    }
  }
}
