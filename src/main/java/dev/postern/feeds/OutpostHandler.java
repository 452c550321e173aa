package dev.postern.feeds;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.nio.charset.CharacterCodingException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// The event loop's side of a connection: opens the websocket, answers pings, and passes messages
/// on. Every error ends the connection, with a reason.
final class OutpostHandler extends SimpleChannelInboundHandler<Object> {
  /// Limit of a message including all its fragments.
  static final int MAX_MESSAGE_BYTES = 64 * 1024;

  /// Minimum time between pongs, so that a peer that pings constantly and reads nothing cannot fill
  /// the memory.
  private static final long PONG_PAUSE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// Prefixes of Netty's messages about protocol violations, and what the log says instead.
  private static final List<Map.Entry<String, String>> VIOLATIONS =
      List.of(
          Map.entry("RSV", "reserved bits"),
          Map.entry("fragmented control frame", "a fragmented control frame"),
          Map.entry("control frame with payload length", "an oversized control frame"),
          Map.entry("control frame using reserved opcode", "an unknown frame type"),
          Map.entry("data frame using reserved opcode", "an unknown frame type"),
          Map.entry("received a frame that is not masked", "a masked frame"),
          Map.entry("received continuation data frame", "fragments out of order"),
          Map.entry("received non-continuation data frame", "fragments out of order"));

  private final Handshake handshake;
  private final Arrivals arrivals;
  private final LongSupplier ticker;
  private final boolean isTls;
  private final CompletableFuture<Void> opened = new CompletableFuture<>();

  // Mutable state of the event loop.
  private long nextPong;
  private boolean isOver;

  /// @param isTls whether to wait for the TLS handshake
  OutpostHandler(Handshake handshake, Arrivals arrivals, LongSupplier ticker, boolean isTls) {
    this.handshake = handshake;
    this.arrivals = arrivals;
    this.ticker = ticker;
    this.isTls = isTls;
    nextPong = ticker.getAsLong();
  }

  /// The pipeline's handlers after TLS, in order.
  ChannelHandler[] handlers() {
    return new ChannelHandler[] {
      new ReadGate(arrivals),
      Handshake.http(),
      new WebSocketFrameAggregator(MAX_MESSAGE_BYTES),
      this
    };
  }

  /// Completes when the websocket is open, or exceptionally with the reason.
  CompletableFuture<Void> opened() {
    return opened;
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    if (!isTls) {
      request(context);
    }
    context.fireChannelActive();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof SslHandshakeCompletionEvent tls) {
      if (tls.isSuccess()) {
        request(context);
      } else {
        end(context, tls.cause());
      }
    }
    context.fireUserEventTriggered(event);
  }

  private void request(ChannelHandlerContext context) {
    ChannelFuture sent = handshake.handshake(context.channel());
    sent.addListener(_ -> {
      if (!sent.isSuccess()) {
        end(context, sent.cause());
      }
    });
  }

  @Override
  protected void channelRead0(ChannelHandlerContext context, Object message) throws ConnectionLost {
    if (isOver) {
      return;
    }
    switch (message) {
      case HttpResponse response when !opened.isDone() -> open(context, response);
      case WebSocketFrame frame -> frame(context, frame);
      case Object _ -> {
        // The body of a response is ignored.
      }
    }
  }

  private void open(ChannelHandlerContext context, HttpResponse response) throws ConnectionLost {
    handshake.finish(context.channel(), response);
    // From now on the listening thread requests each read.
    context.channel().config().setAutoRead(false);
    opened.complete(null);
  }

  private void frame(ChannelHandlerContext context, WebSocketFrame frame) throws ConnectionLost {
    switch (frame) {
      case TextWebSocketFrame text -> arrivals.message(text(text));
      case BinaryWebSocketFrame binary -> arrivals.message(text(binary));
      case PingWebSocketFrame ping -> {
        pong(context, ping);
        arrivals.alive();
      }
      case PongWebSocketFrame _ -> arrivals.alive();
      case CloseWebSocketFrame close -> throw closed(close.statusCode());
      default -> throw violation("an unknown frame type");
    }
  }

  private void pong(ChannelHandlerContext context, PingWebSocketFrame ping) {
    long now = ticker.getAsLong();
    if (now - nextPong >= 0 && context.channel().isWritable()) {
      nextPong = now + PONG_PAUSE_NANOS;
      ChannelFuture _ =
          context.writeAndFlush(new PongWebSocketFrame(ping.content().retainedDuplicate()));
    }
  }

  private static String text(WebSocketFrame message) throws ConnectionLost {
    try {
      return UTF_8.newDecoder().decode(message.content().nioBuffer()).toString();
    } catch (CharacterCodingException e) {
      throw violation("text that is not UTF-8");
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    arrivals.unfinished(handshake.frames().unfinished());
    context.fireChannelReadComplete();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    end(
        context,
        new ConnectionLost(
            opened.isDone()
                ? "authentik closed the connection without a close frame"
                : Handshake.closed()));
    context.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    end(context, cause);
  }

  private void end(ChannelHandlerContext context, Throwable cause) {
    if (isOver) {
      return;
    }
    isOver = true;
    if (!opened.completeExceptionally(cause)) {
      arrivals.end(reason(cause));
    }
    ChannelFuture _ = context.close();
  }

  private static String reason(Throwable cause) {
    return switch (cause) {
      case ConnectionLost lost -> lost.reason();
      case CorruptedWebSocketFrameException frame -> reason(frame).reason();
      case TooLongFrameException _ -> tooLong().reason();
      case DecoderException wrapped when wrapped.getCause() != null -> reason(wrapped.getCause());
      case Throwable other -> "the connection broke: " + other.getMessage();
    };
  }

  private static ConnectionLost reason(CorruptedWebSocketFrameException frame) {
    String what = String.valueOf(frame.getMessage());
    boolean isTooLong =
        frame.closeStatus().equals(WebSocketCloseStatus.MESSAGE_TOO_BIG)
            || what.contains("negative length");
    return isTooLong
        ? tooLong()
        : violation(
            VIOLATIONS.stream()
                .filter(known -> what.startsWith(known.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(what));
  }

  private static ConnectionLost tooLong() {
    return new ConnectionLost(
        "it sent a message above " + MAX_MESSAGE_BYTES + " bytes; instructions are smaller");
  }

  private static ConnectionLost violation(String what) {
    return new ConnectionLost(
        "it violates the websocket protocol (" + what + "); check the proxies in between");
  }

  private static ConnectionLost closed(int code) {
    return new ConnectionLost(
        "authentik closed the connection with " + (code < 0 ? "no code" : "code " + code));
  }
}
