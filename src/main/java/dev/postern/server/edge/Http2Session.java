package dev.postern.server.edge;

import static io.netty.handler.codec.http2.Http2CodecUtil.FRAME_HEADER_LENGTH;
import static io.netty.handler.codec.http2.Http2Error.ENHANCE_YOUR_CALM;
import static io.netty.handler.codec.http2.Http2Error.INTERNAL_ERROR;
import static io.netty.handler.codec.http2.Http2Error.NO_ERROR;
import static io.netty.handler.codec.http2.Http2Error.SETTINGS_TIMEOUT;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionAdapter;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An HTTP/2 connection.
///
/// Errors that one request can cause are answered on its stream. Errors that only the peer itself
/// can cause end the connection with a GOAWAY.
final class Http2Session extends Http2ConnectionHandler implements LoopState.Member {
  /// A callback with a primitive boolean.
  @FunctionalInterface
  interface Sent {
    void sent(boolean success);
  }

  private static final Logger LOG = LoggerFactory.getLogger(Http2Session.class);

  /// Flags of a HEADERS frame (RFC 9113 section 6.2).
  private static final int END_STREAM_AND_HEADERS = 0x1 | 0x4;

  /// For this long after the first GOAWAY new requests are still served (RFC 9113 section 6.8).
  private static final long GOAWAY_NANOS = 1_000_000_000L;

  /// How long further input is read and dropped after the final GOAWAY.
  private static final long LINGER_NANOS = 500_000_000L;

  private final Peer peer;
  private final CheckedReader reader;
  private final BlockEncoder blocks;
  private final FrameWalk walk;
  private final WriteWatch writes;
  private final Http2Connection.PropertyKey key;
  private @Nullable ChannelHandlerContext context;
  private boolean reading;
  private boolean flushes;
  private boolean removed;
  private boolean dead;
  private final long since;
  private boolean acknowledged;
  private long idleSince;
  private long goAwaySince;
  private boolean goingAway;
  private boolean goneAway;

  private Http2Session(
      Peer peer,
      CheckedReader reader,
      BlockEncoder blocks,
      Http2ConnectionDecoder decoder,
      Http2ConnectionEncoder encoder,
      Http2Settings settings) {
    super(decoder, encoder, settings);
    this.peer = peer;
    this.reader = reader;
    this.blocks = blocks;
    this.walk = new FrameWalk(peer);
    this.since = peer.loop().now();
    this.idleSince = since;
    this.writes = new WriteWatch(since);
    this.key = connection().newKey();
    connection().addListener(new Closing());
    encoder.flowController().listener(this::writabilityChanged);
    decoder.frameListener(new Frames());
    gracefulShutdownTimeoutMillis(peer.limits().writeTime().toMillis());
  }

  /// Creates a session without Netty's builder, which omits some of these parts or applies their
  /// limits to the whole connection.
  static Http2Session of(Peer peer) {
    Http2Connection connection = new DefaultHttp2Connection(true);
    connection
        .remote()
        .flowController(
            new DefaultHttp2RemoteFlowController(
                connection, new UniformStreamByteDistributor(connection)));
    BlockEncoder blocks = new BlockEncoder();
    Http2ConnectionEncoder encoder =
        new DefaultHttp2ConnectionEncoder(connection, new DefaultHttp2FrameWriter(blocks));
    CheckedReader reader = new CheckedReader(connection, new BlockDecoder(peer));
    Http2ConnectionDecoder decoder =
        new DefaultHttp2ConnectionDecoder(
            connection,
            encoder,
            reader,
            Http2PromisedRequestVerifier.ALWAYS_VERIFY,
            true,
            true,
            false);
    // Netty applies this only after the peer has acknowledged it, which a peer may never do.
    connection.remote().maxActiveStreams(peer.streams());
    // Announce no limit of header lists: a client would not send a larger one, and a proxy would
    // respond 500 where Postern responds 431.
    Http2Settings settings =
        new Http2Settings()
            .maxConcurrentStreams(peer.streams())
            .initialWindowSize(peer.limits().streamWindow());
    return new Http2Session(peer, reader, blocks, decoder, encoder, settings);
  }

  private ChannelHandlerContext ctx() {
    ChannelHandlerContext present = context;
    if (present == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    return present;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) throws Exception {
    context = ctx;
    peer.loop().add(this);
    super.handlerAdded(ctx);
    // One body that is not read must not block the others: the connection's window is as large as
    // the windows of all streams together.
    decoder()
        .flowController()
        .incrementWindowSize(
            connection().connectionStream(), peer.streams() * peer.limits().streamWindow());
    ctx.flush();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) throws Exception {
    ended();
    super.channelInactive(ctx);
  }

  @Override
  protected void handlerRemoved0(ChannelHandlerContext ctx) throws Exception {
    ended();
    super.handlerRemoved0(ctx);
  }

  private void ended() {
    if (!removed) {
      removed = true;
      peer.loop().remove(this);
      walk.release();
    }
  }

  // Reading.

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
    reading = true;
    if (message instanceof ByteBuf bytes) {
      Limit broken = dead ? null : walk.inspect(bytes);
      if (broken != null) {
        closeBecauseOf(broken);
      }
      if (dead) {
        bytes.release();
        return;
      }
    }
    super.channelRead(ctx, message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) throws Exception {
    reading = false;
    super.channelReadComplete(ctx);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) throws Exception {
    // Stop reading from a peer that does not read its responses, so that they cannot accumulate.
    ctx.channel().config().setAutoRead(ctx.channel().isWritable());
    super.channelWritabilityChanged(ctx);
  }

  private void closeBecauseOf(Limit limit) {
    peer.exceeded(limit);
    dead = true;
    // Later, because Netty is still processing earlier input.
    ctx().channel().eventLoop().execute(() -> sendFinalGoAway(limit));
  }

  private void sendFinalGoAway(Limit limit) {
    sendFinalGoAway(
        limit == Limit.SETTINGS_TIME ? SETTINGS_TIMEOUT : ENHANCE_YOUR_CALM, limit.sentence());
  }

  /// Netty's own close is immediate: if unread bytes have arrived, the operating system then sends
  /// a TCP reset, and the peer may lose the GOAWAY.
  private void sendFinalGoAway(Http2Error error, @Nullable String sentence) {
    ByteBuf reason = Unpooled.copiedBuffer(sentence == null ? "" : sentence, UTF_8);
    int last = connection().remote().lastStreamCreated();
    var _ =
        encoder().frameWriter().writeGoAway(ctx(), last, error.code(), reason, ctx().newPromise());
    ctx().flush();
    var _ = ctx().channel().eventLoop().schedule(this::closeNow, LINGER_NANOS, NANOSECONDS);
  }

  @Override
  protected void onConnectionError(
      ChannelHandlerContext ctx,
      boolean outbound,
      Throwable cause,
      @Nullable Http2Exception error) {
    if (dead) {
      return;
    }
    if (error != null && !outbound) {
      peer.exceeded(Limit.PROTOCOL);
    } else if (error == null && !(cause instanceof IOException)) {
      failed(cause);
    }
    dead = true;
    sendFinalGoAway(
        error == null ? INTERNAL_ERROR : error.error(), error == null ? null : error.getMessage());
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) throws Exception {
    if (Http2CodecUtil.getEmbeddedHttp2Exception(cause) != null) {
      super.exceptionCaught(ctx, cause);
      return;
    }
    // An IOException only means that the connection has ended; the peer broke no rule.
    if (!(cause instanceof IOException)) {
      failed(cause);
    }
    closeNow();
  }

  private static void failed(Throwable cause) {
    LOG.error("A connection failed within Postern; please report this with the lines below", cause);
  }

  private @Nullable Http2Exchange exchange(@Nullable Http2Stream stream) {
    return stream == null ? null : stream.getProperty(key);
  }

  private void request(Http2Stream stream, StreamHead head, boolean endOfStream) {
    Refusal refusal = head.end();
    Http2Exchange exchange = new Http2Exchange(this, peer, stream, head, endOfStream);
    stream.setProperty(key, exchange);
    if (refusal == null) {
      refusal = exchange.lengthRefusal();
    }
    if (refusal == null) {
      exchange.handle();
    } else if (refusal.limit() == Limit.MALFORMED) {
      exchange.malformed(refusal.sentence());
    } else {
      exchange.refuse(refusal);
    }
  }

  /// Receives decoded frames. Netty itself handles those without a method here.
  private final class Frames extends Http2EventAdapter {
    @Override
    public void onSettingsAckRead(ChannelHandlerContext ctx) {
      acknowledged = true;
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext ctx,
        int streamId,
        Http2Headers headers,
        int padding,
        boolean endOfStream)
        throws Http2Exception {
      StreamHead head = (StreamHead) headers;
      Http2Stream stream = connection().stream(streamId);
      Http2Exchange known = exchange(stream);
      if (known == null) {
        request(stream, head, endOfStream);
        return;
      }
      Refusal refusal = head.trailersRefusal();
      if (refusal != null) {
        known.malformed(refusal.sentence());
      } else {
        known.trailers();
      }
    }

    @Override
    public void onHeadersRead(
        ChannelHandlerContext ctx,
        int streamId,
        Http2Headers headers,
        int streamDependency,
        short weight,
        boolean exclusive,
        int padding,
        boolean endOfStream)
        throws Http2Exception {
      onHeadersRead(ctx, streamId, headers, padding, endOfStream);
    }

    @Override
    public int onDataRead(
        ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream) {
      Http2Exchange exchange = exchange(connection().stream(streamId));
      return exchange == null
          ? data.readableBytes() + padding
          : exchange.received(data, padding, endOfStream);
    }
  }

  /// Ends exchanges with their streams.
  private final class Closing extends Http2ConnectionAdapter {
    @Override
    public void onStreamClosed(Http2Stream stream) {
      Http2Exchange exchange = exchange(stream);
      if (exchange != null) {
        exchange.streamClosed();
      }
      if (connection().numActiveStreams() == 0) {
        idleSince = peer.loop().now();
      }
    }
  }

  private void writabilityChanged(Http2Stream stream) {
    Http2Exchange exchange = exchange(stream);
    if (exchange != null && isWritable(stream)) {
      exchange.writable();
    }
  }

  // Writing.

  boolean isWritable(Http2Stream stream) {
    return encoder().flowController().isWritable(stream);
  }

  /// Whether the peer's window has room for this many bytes.
  boolean hasRoom(Http2Stream stream, int bytes) {
    var flow = encoder().flowController();
    return flow.windowSize(stream) >= bytes
        && flow.windowSize(connection().connectionStream()) >= bytes;
  }

  /// Sends the head that is in the event loop's buffer.
  void writeHead(Http2Stream stream, int status, boolean end) {
    HeadBytes block = peer.loop().block();
    ReadyHeaders headers = new ReadyHeaders(HttpResponseStatus.valueOf(status).codeAsText(), block);
    var _ = encoder().writeHeaders(ctx(), stream.id(), headers, 0, end, ctx().newPromise());
  }

  /// Sends a complete response without a body, whose head is in the event loop's buffer, as one
  /// frame. It bypasses Netty's encoder: nothing must be ordered and flow control does not apply.
  /// The caller closes the stream after it has noted the end of the response.
  ///
  /// @param stream a stream whose request was read completely and on which nothing was sent
  /// @return false if the head is too long for one frame; nothing was sent then
  boolean writeWhole(Http2Stream stream) {
    if (stream.state() != Http2Stream.State.HALF_CLOSED_REMOTE) {
      return false;
    }
    int most = encoder().configuration().frameSizePolicy().maxFrameSize();
    if (peer.loop().block().length() >= most) {
      return false;
    }
    ByteBuf frame = ctx().alloc().buffer(FRAME_HEADER_LENGTH + 1 + peer.loop().block().length());
    frame.writerIndex(FRAME_HEADER_LENGTH);
    blocks.encode(peer.loop().block(), frame);
    frame.setMedium(0, frame.writerIndex() - FRAME_HEADER_LENGTH);
    frame.setByte(3, Http2FrameTypes.HEADERS);
    frame.setByte(4, END_STREAM_AND_HEADERS);
    frame.setInt(5, stream.id());
    var _ = ctx().write(frame, ctx().voidPromise());
    return true;
  }

  void writeContinue(Http2Stream stream) {
    peer.loop().hpack().status(100);
    writeHead(stream, 100, false);
    flush();
  }

  void writeData(Http2Stream stream, ByteBuf piece, boolean end, Sent sent) {
    walk.bodySent();
    encoder()
        .writeData(ctx(), stream.id(), piece, 0, end, ctx().newPromise())
        .addListener(future -> sent.sent(future.isSuccess()));
  }

  void reset(Http2Stream stream, Http2Error error) {
    var _ = resetStream(ctx(), stream.id(), error.code(), ctx().newPromise());
    flush();
  }

  @Override
  public ChannelFuture resetStream(
      ChannelHandlerContext ctx, int streamId, long errorCode, ChannelPromise promise) {
    Http2Stream stream = connection().stream(streamId);
    if (stream != null && stream.state().remoteSideOpen()) {
      reader.resetting(streamId);
    }
    return super.resetStream(ctx, streamId, errorCode, promise);
  }

  /// Bytes of a body have been processed, so the window can grow.
  void consumed(Http2Stream stream, int bytes) {
    try {
      if (decoder().flowController().consumeBytes(stream, bytes)) {
        flush();
      }
    } catch (Http2Exception e) {
      onError(ctx(), false, e);
    }
  }

  /// Flushes: during a read at the end of it, otherwise once for everything written in this turn of
  /// the event loop.
  void flush() {
    if (!reading && !flushes) {
      flushes = true;
      ctx()
          .channel()
          .eventLoop()
          .execute(() -> {
            flushes = false;
            flush(ctx());
          });
    }
  }

  // Time.

  @Override
  public void sweep(long now) {
    walk.sweep(now);
    if (writes.isStalled(ctx().channel(), now, peer.limits().writeTime())) {
      peer.exceeded(Limit.WRITE_PROGRESS);
      closeNow();
    } else if (!dead && walk.isBlockLate(now)) {
      closeBecauseOf(Limit.HEAD_TIME);
    } else if (!dead && !acknowledged && now - since > peer.limits().settingsTime().toNanos()) {
      closeBecauseOf(Limit.SETTINGS_TIME);
    } else if (!dead) {
      each(exchange -> exchange.sweep(now));
      sweepIdle(now);
    }
  }

  private void sweepIdle(long now) {
    boolean idle = connection().numActiveStreams() == 0;
    if (goingAway && !goneAway && now - goAwaySince > GOAWAY_NANOS) {
      goneAway = true;
      goAwayFrom(connection().remote().lastStreamCreated());
    }
    if (goneAway && idle) {
      closeNow();
    } else if (idle && !goingAway) {
      boolean fresh = !peer.trusted() && connection().remote().lastStreamCreated() == 0;
      EdgeLimits limits = peer.limits();
      if (now - idleSince > (fresh ? limits.headTime() : limits.idleTime()).toNanos()) {
        peer.exceeded(Limit.IDLE_TIME);
        goAway();
      }
    }
  }

  private void each(Consumer<Http2Exchange> action) {
    List<Http2Exchange> exchanges = new ArrayList<>();
    try {
      connection()
          .forEachActiveStream(stream -> {
            Http2Exchange exchange = exchange(stream);
            if (exchange != null) {
              exchanges.add(exchange);
            }
            return true;
          });
    } catch (Http2Exception e) {
      throw new IllegalStateException(e);
    }
    exchanges.forEach(action);
  }

  @Override
  public void goAway() {
    if (!goingAway) {
      goingAway = true;
      goAwaySince = peer.loop().now();
      goAwayFrom(Integer.MAX_VALUE);
    }
  }

  private void goAwayFrom(int lastStream) {
    var _ = goAway(ctx(), lastStream, NO_ERROR.code(), Unpooled.EMPTY_BUFFER, ctx().newPromise());
    ctx().flush();
  }

  @Override
  public void closeNow() {
    // Closes the channel directly, because this handler would wait for its streams.
    var _ = ctx().close();
  }
}
