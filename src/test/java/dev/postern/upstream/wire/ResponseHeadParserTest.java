package dev.postern.upstream.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ResponseHeadParserTest {
  private static final String OK = "HTTP/1.1 200 OK\r\n";

  /// `line|value`; the value is between brackets.
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "X: a  b|[a  b]",
        "X: a \t b|[a \t b]",
        "X:a|[a]",
        "X: \t a \t |[a]",
        "X:|[]",
        "X:   |[]",
        "X: a:b: c|[a:b: c]",
        "X: \u00e9\u00ff\u0080|[\u00e9\u00ff\u0080]",
        "X: \u00a0a\u00a0|[\u00a0a\u00a0]",
        "X: \"a,  b\"|[\"a,  b\"]",
      })
  void value_ofALine_losesOnlySurroundingBlanks(String line, String expected) throws IOException {
    ResponseHead head = parse(OK + line + "\r\n\r\n");
    assertThat(head.headers().lines())
        .containsExactly(new HeaderLine("X", expected.substring(1, expected.length() - 1)));
  }

  @Test
  void lines_ofOneNameInSeveralSpellings_stayApartInOrderAndSpelling() throws IOException {
    ResponseHead head = parse(OK + "x-b: 1\r\nX-A: 2\r\nX-B: 3\r\n\r\n");
    assertThat(head.headers().lines())
        .containsExactly(
            new HeaderLine("x-b", "1"), new HeaderLine("X-A", "2"), new HeaderLine("X-B", "3"));
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/1.1 200 OK, 200, true",
    "HTTP/1.1 204 , 204, true",
    "HTTP/1.1 302, 302, true",
    "HTTP/1.0 503 Not now: later, 503, false",
  })
  void statusLine_thatIsWellFormed_isRead(String line, int status, boolean current)
      throws IOException {
    ResponseHead head = parse(line + "\r\n\r\n");
    assertThat(head.status()).isEqualTo(status);
    assertThat(head.isCurrent()).isEqualTo(current);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.1 200 OK\n\n",
        "HTTP/1.1 200 OK\r\nX: a\nY: b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\r\n folded\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\r\n\tfolded\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\rb\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\r\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\u0000b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\u0001b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX: a\u007fb\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX : a\r\n\r\n",
        "HTTP/1.1 200 OK\r\n: a\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX Y: a\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX\u00e9: a\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX(: a\r\n\r\n",
        "HTTP/1.1 200 O\u0001K\r\n\r\n",
        "\r\nHTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1  200 OK\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1 20x OK\r\n\r\n",
        "HTTP/1.1 099 OK\r\n\r\n",
        "HTTP/1.1 600 OK\r\n\r\n",
        "HTTP/1.1 -20 OK\r\n\r\n",
        "HTTP/1.2 200 OK\r\n\r\n",
        "HTTP/2 200 OK\r\n\r\n",
        "http/1.1 200 OK\r\n\r\n",
        " HTTP/1.1 200 OK\r\n\r\n",
        "ICY 200 OK\r\n\r\n",
        "SSH-2.0-OpenSSH_9.6\r\n",
        "\u0015\u0003\u0003\u0000\u0002\u0002\u0016",
      })
  void head_thatIsMalformed_isRefused(String bytes) {
    assertThatThrownBy(() -> parse(bytes)).isInstanceOf(MalformedException.class);
  }

  @Test
  void head_ofMoreThanOneMebibyte_isRefusedAndOneBelowIsRead() throws IOException {
    String fits = "a".repeat(ResponseHeadParser.MAX_BYTES - OK.length() - 7);
    assertThat(parse(OK + "X: " + fits + "\r\n\r\n").headers().first("X")).isEqualTo(fits);
    assertThatThrownBy(() -> parse(OK + "X: " + fits + "a\r\n\r\n"))
        .isInstanceOf(OversizedException.class)
        .hasMessage("the head is larger than 1 MiB");
  }

  @Test
  void head_ofTooManyLines_isRefused() {
    assertThatThrownBy(() -> parse(OK + "a:\r\n".repeat(ResponseHeadParser.MAX_LINES + 1)))
        .isInstanceOf(OversizedException.class)
        .hasMessage("more than 10000 header lines");
  }

  @Test
  void interimHeads_countAgainstTheSameLimit() {
    ResponseHeadParser parser = new ResponseHeadParser();
    ByteBuf in = bytes("HTTP/1.1 103 Early Hints\r\n\r\n".repeat(40_000));
    assertThatThrownBy(
            () -> {
              while (in.isReadable()) {
                parser.read(in);
              }
            })
        .isInstanceOf(OversizedException.class);
  }

  @Test
  void read_bytesAfterTheHead_remain() throws IOException {
    ByteBuf in = bytes(OK + "X: a\r\n\r\nbody");
    assertThat(new ResponseHeadParser().read(in)).isNotNull();
    assertThat(in.readableBytes()).isEqualTo(4);
  }

  @Property(tries = 300)
  void lines_writtenAndParsedAgainInPieces_areTheSame(
      @ForAll("headers") List<HeaderLine> lines, @ForAll @IntRange(min = 1, max = 50) int piece)
      throws IOException {
    byte[] written = new RequestHead("GET", "/", HeaderLines.of(lines)).bytes();
    String fields = new String(written, ISO_8859_1).substring("GET / HTTP/1.1\r\n".length());
    ByteBuf all = bytes(OK + fields);
    ResponseHeadParser parser = new ResponseHeadParser();
    ResponseHead head = null;
    while (head == null) {
      ByteBuf slice = all.readSlice(Math.min(piece, all.readableBytes()));
      head = parser.read(slice);
    }
    assertThat(all.isReadable()).isFalse();
    assertThat(head.headers().lines()).isEqualTo(lines);
  }

  @Provide
  static Arbitrary<List<HeaderLine>> headers() {
    Arbitrary<String> names =
        Arbitraries.strings()
            .withCharRange('a', 'z')
            .withCharRange('A', 'Z')
            .withChars("!#$%&'*+-.^_`|~09")
            .ofMinLength(1)
            .ofMaxLength(20);
    Arbitrary<String> values =
        Arbitraries.strings()
            .withCharRange(' ', '~')
            .withCharRange('\u0080', '\u00ff')
            .withChars('\t', ' ', ',')
            .ofMaxLength(60)
            .map(Octets::trim);
    return Combinators.combine(names, values).as(HeaderLine::new).list().ofMaxSize(30);
  }

  private static ResponseHead parse(String text) throws IOException {
    return Objects.requireNonNull(new ResponseHeadParser().read(bytes(text)), "not complete");
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.wrappedBuffer(text.getBytes(ISO_8859_1));
  }
}
