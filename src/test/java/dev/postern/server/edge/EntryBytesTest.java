package dev.postern.server.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.net.HeaderLine;
import dev.postern.server.Exchange;
import dev.postern.testing.Certificates;
import dev.postern.testing.RawHttp;
import dev.postern.verdict.CacheStatus;
import dev.postern.verdict.Entry;
import dev.postern.verdict.TestEntries;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Headers;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The bytes of a response from a cache entry.
class EntryBytesTest {
  private static final String LONG = "t".repeat(5_000);
  private static final Entry ENTRY =
      TestEntries.of(
          200,
          "User-Agent",
          new HeaderLine("X-authentik-username", "al\u00efce"),
          new HeaderLine("X-authentik-jwt", LONG),
          new HeaderLine("X-Two", "1"),
          new HeaderLine("x-two", ""));
  private static final Entry EMPTY = TestEntries.of(204, null);

  @TempDir Path directory;

  private static Exchange held(EdgeStage stage) throws InterruptedException {
    return Objects.requireNonNull(stage.handler.held.poll(30, TimeUnit.SECONDS));
  }

  private static void respond(
      EdgeStage stage, Entry entry, @Nullable String echoed, CacheStatus status)
      throws InterruptedException {
    Exchange exchange = held(stage);
    exchange.eventLoop().execute(() -> exchange.respond(entry, echoed, status));
  }

  private static String text(CacheStatus status) {
    return status.text();
  }

  @Test
  void http1_isEachStoredLineWithTheEchoedOneOfTheRequest() throws Exception {
    CacheStatus status = CacheStatus.HIT;
    try (EdgeStage stage = EdgeStage.plain();
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), stage.port())) {
      socket.setSoTimeout(30_000);
      String request = RawHttp.get("/hold", "Host: a");
      socket.getOutputStream().write((request + request + request).getBytes(ISO_8859_1));
      respond(stage, ENTRY, "Go/1", status);
      respond(stage, EMPTY, null, status);
      respond(stage, ENTRY, null, status);
      String own =
          "HTTP/1.1 200 OK\r\nX-authentik-username: al\u00efce\r\nX-authentik-jwt: "
              + LONG
              + "\r\nX-Two: 1\r\nx-two: \r\nUser-Agent: %s\r\nX-Postern-Cache: "
              + text(status)
              + "\r\nContent-Length: 0\r\nDate: "
              + EdgeStage.DATE
              + "\r\n\r\n";
      String empty =
          "HTTP/1.1 204 No Content\r\nX-Postern-Cache: "
              + text(status)
              + "\r\nDate: "
              + EdgeStage.DATE
              + "\r\n\r\n";
      String expected = own.formatted("Go/1") + empty + own.formatted("");
      byte[] bytes = socket.getInputStream().readNBytes(expected.length());
      assertThat(new String(bytes, ISO_8859_1)).isEqualTo(expected);
    }
  }

  /// Over HTTP/2 every line is a literal without indexing, whatever table size the peer sets and
  /// whenever it does; the table size is set to 0 once.
  @Test
  void http2_isTheSameBlockAfterEachChangeOfThePeersTable() throws Exception {
    CacheStatus status = CacheStatus.HIT;
    byte[] own =
        block(
            0x88,
            "x-authentik-username",
            "al\u00efce",
            "x-authentik-jwt",
            LONG,
            "x-two",
            "1",
            "x-two",
            "",
            "user-agent",
            "Go/2",
            "x-postern-cache",
            text(status),
            "content-length",
            "0",
            "date",
            EdgeStage.DATE);
    byte[] empty = block(0x89, "x-postern-cache", text(status), "date", EdgeStage.DATE);
    DefaultHttp2HeadersDecoder peer = new DefaultHttp2HeadersDecoder(true, 1 << 20);
    try (EdgeStage stage = EdgeStage.tls(directory);
        H2Client h2 = H2Client.connect(stage.port(), Certificates.trustingAll(), 65_535)) {
      boolean first = true;
      for (int size : new int[] {4096, 0, 65_536, 100, 0, 4096}) {
        table(h2, size);
        peer.configuration().maxHeaderTableSize(size);
        for (Entry entry : List.of(ENTRY, EMPTY, ENTRY)) {
          h2.request(true, H2Client.get("/hold"));
          respond(stage, entry, "Go/2", status);
          byte[] sent = nextBlock(h2);
          byte[] expected = entry == ENTRY ? own : empty;
          assertThat(sent).isEqualTo(first ? prefixed(expected) : expected);
          assertThat(lines(peer.decodeHeaders(1, Unpooled.wrappedBuffer(sent))))
              .contains(":status=" + entry.status(), "date=" + EdgeStage.DATE)
              .hasSize(entry == ENTRY ? 9 : 3);
          first = false;
        }
      }
    }
  }

  private static byte[] block(int status, String... namesAndValues) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(status);
    bytes.writeBytes(H2Client.block(namesAndValues));
    return bytes.toByteArray();
  }

  private static byte[] prefixed(byte[] block) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(0x20);
    bytes.writeBytes(block);
    return bytes.toByteArray();
  }

  /// Sets another table size, and waits until it is acknowledged.
  private static void table(H2Client h2, int size) throws IOException {
    h2.frame(
        H2Client.SETTINGS,
        0,
        0,
        new byte[] {
          0, 1, (byte) (size >> 24), (byte) (size >> 16), (byte) (size >> 8), (byte) size
        });
    h2.settle();
  }

  private static byte[] nextBlock(H2Client h2) throws IOException {
    while (true) {
      H2Client.Frame frame = h2.read();
      if (frame.type() == H2Client.HEADERS) {
        assertThat(frame.flags()).isEqualTo(H2Client.END_HEADERS | H2Client.END_STREAM);
        return frame.payload();
      }
      h2.take(frame);
    }
  }

  private static List<String> lines(Http2Headers headers) {
    List<String> lines = new ArrayList<>();
    headers.forEach(line -> lines.add(line.getKey() + "=" + line.getValue()));
    return lines;
  }
}
