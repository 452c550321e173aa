package dev.postern.server.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import dev.postern.server.Exchange;
import dev.postern.server.ExchangeHandler;
import dev.postern.upstream.BodySink;
import dev.postern.upstream.BodySource;
import dev.postern.verdict.UpstreamResponse;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/// Responds as the path says.
///
/// `/head` returns the head as parsed, `/echo` returns the body while it arrives, `/whole` when it
/// is complete, `/large` sends 256 KiB as a complete response, `/piece` as one streamed piece,
/// `/hold` leaves the exchange to the test (counted for the `client` that it names), `/throw`
/// fails, `/unmodified` declares the length of a body that is not sent, `/short` aborts, everything
/// else is `ok`.
final class EchoHandler implements ExchangeHandler {
  static final int LARGE_BYTES = 256 * 1024;

  /// The exchanges of `/hold`.
  final BlockingQueue<Exchange> held = new LinkedBlockingQueue<>();

  /// The completions of all exchanges.
  final BlockingQueue<Exchange.Completion> completions = new LinkedBlockingQueue<>();

  @Override
  public void handle(Exchange exchange) {
    exchange.whenOver(completions::add);
    String target = exchange.head().target();
    int query = target.indexOf('?');
    switch (query < 0 ? target : target.substring(0, query)) {
      case "/head" -> exchange.respond(answer(200, describe(exchange.head())));
      case "/echo" -> echo(exchange);
      case "/whole" -> exchange.body().start(new Collecting(exchange));
      case "/large" ->
          exchange.respond(new UpstreamResponse(200, HeaderLines.of(List.of()), large()));
      case "/piece" -> {
        BodySink sink = exchange.begin(200, HeaderLines.of(List.of()));
        sink.write(io.netty.buffer.Unpooled.wrappedBuffer(large()));
        sink.end();
      }
      case "/unmodified" ->
          exchange.begin(304, HeaderLines.of(List.of(new HeaderLine("Content-Length", "5")))).end();
      case "/hold" -> hold(exchange);
      case "/throw" -> throw new IllegalStateException("thrown by a test");
      case "/short" -> {
        BodySink sink =
            exchange.begin(200, HeaderLines.of(List.of(new HeaderLine("Content-Length", "10"))));
        sink.write(io.netty.buffer.Unpooled.copiedBuffer("short", ISO_8859_1));
        sink.fail(new IOException("broken off by a test"));
      }
      default -> exchange.respond(answer(200, "ok"));
    }
  }

  private void hold(Exchange exchange) {
    String client = exchange.head().headers().first("client");
    if (client == null || exchange.countFor(client)) {
      held.add(exchange);
    }
  }

  static byte[] large() {
    byte[] bytes = new byte[LARGE_BYTES];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) ('a' + i % 26);
    }
    return bytes;
  }

  static UpstreamResponse answer(int status, String body) {
    return new UpstreamResponse(
        status,
        HeaderLines.of(List.of(new HeaderLine("X-Test", "yes"))),
        body.getBytes(ISO_8859_1));
  }

  private static String describe(Exchange.Head head) {
    List<String> lines = new ArrayList<>();
    lines.add(head.method() + " " + head.target() + " " + head.protocol());
    lines.add(head.scheme() + "://" + head.authority());
    head.headers().forEach((name, value) -> lines.add(name + "=" + value));
    return String.join("\n", lines);
  }

  private static void echo(Exchange exchange) {
    BodySink target = exchange.begin(200, HeaderLines.of(List.of()));
    BodySource source = exchange.body();
    target.whenWritable(source::resume);
    source.start(target);
  }

  /// Responds with a body when it is complete.
  private static final class Collecting implements BodySink {
    private final Exchange exchange;
    private final StringBuilder text = new StringBuilder();

    Collecting(Exchange exchange) {
      this.exchange = exchange;
    }

    @Override
    public boolean write(ByteBuf piece) {
      text.append(piece.toString(ISO_8859_1));
      piece.release();
      return true;
    }

    @Override
    public void end() {
      exchange.respond(answer(200, text.toString()));
    }

    @Override
    public void fail(IOException reason) {
      exchange.abort();
    }

    @Override
    public void whenWritable(Runnable callback) {}
  }
}
