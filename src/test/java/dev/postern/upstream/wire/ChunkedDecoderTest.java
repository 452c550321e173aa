package dev.postern.upstream.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChunkedDecoderTest {
  @ParameterizedTest
  @CsvSource({
    "'0\r\n\r\n', ''",
    "'5\r\nhello\r\n0\r\n\r\n', hello",
    "'5\r\nhello\r\n1;a=\"b\"\r\n!\r\n000\r\n\r\n', hello!",
    "'A \r\n0123456789\r\n0\r\nX: a\r\nY: b\r\n\r\n', 0123456789",
    "'2\r\n\r\n\r\n0\r\n\r\n', '\r\n'",
  })
  void body_inChunks_isJoined(String wire, String body) throws MalformedException {
    ByteBuf in = bytes(wire + "next");
    ChunkedDecoder decoder = new ChunkedDecoder();
    assertThat(all(decoder, in)).isEqualTo(body);
    assertThat(decoder.hasEnded()).isTrue();
    assertThat(in.readableBytes()).as("bytes after the body remain").isEqualTo(4);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x\r\n",
        "\r\n",
        ";a\r\n",
        "-1\r\n",
        "0x5\r\n",
        "5\nhello",
        "5\r\nhelloX",
        "5\r\nhello\n",
        "5\r\nhello\rX",
        "5\rX",
        "5;a\n",
        "1000000000000000\r\n",
        "0\r\nX: a\n",
        "0\r\nX: \u0000\r\n",
        "0\r\n\rX",
      })
  void chunks_thatAreMalformed_areRefused(String wire) {
    assertThatThrownBy(() -> all(new ChunkedDecoder(), bytes(wire)))
        .isInstanceOf(MalformedException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0\r\n", "1;"})
  void extensionsAndTrailers_withoutEnd_areRefused(String start) {
    String endless = start + "a".repeat(ChunkedDecoder.MAX_EXTRA_BYTES + 1);
    assertThatThrownBy(() -> all(new ChunkedDecoder(), bytes(endless)))
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining("64 KiB");
  }

  @Test
  void body_incomplete_hasNotEnded() throws MalformedException {
    String whole = "5\r\nhello\r\n0\r\nX: a\r\n\r\n";
    for (int length = 0; length < whole.length(); length++) {
      ChunkedDecoder decoder = new ChunkedDecoder();
      all(decoder, bytes(whole.substring(0, length)));
      assertThat(decoder.hasEnded()).as("after %d bytes", length).isFalse();
    }
  }

  @Property(tries = 200)
  void body_readInPiecesOfAnySize_isTheSame(
      @ForAll @IntRange(min = 1, max = 9) int piece, @ForAll @IntRange(min = 1, max = 40) int chunk)
      throws MalformedException {
    String wire =
        Integer.toHexString(chunk) + "\r\n" + "b".repeat(chunk) + "\r\n3;x\r\nend\r\n0\r\n\r\n";
    ByteBuf all = bytes(wire);
    ChunkedDecoder decoder = new ChunkedDecoder();
    StringBuilder body = new StringBuilder();
    while (!decoder.hasEnded()) {
      ByteBuf slice = all.readSlice(Math.min(piece, all.readableBytes()));
      body.append(all(decoder, slice));
      assertThat(slice.isReadable()).isFalse();
    }
    assertThat(body).hasToString("b".repeat(chunk) + "end");
    assertThat(all.isReadable()).isFalse();
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.wrappedBuffer(text.getBytes(ISO_8859_1));
  }

  private static String all(ChunkedDecoder decoder, ByteBuf in) throws MalformedException {
    StringBuilder body = new StringBuilder();
    for (ByteBuf piece = decoder.next(in); piece != null; piece = decoder.next(in)) {
      body.append(piece.toString(ISO_8859_1));
    }
    return body.toString();
  }
}
