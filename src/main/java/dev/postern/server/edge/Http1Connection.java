package dev.postern.server.edge;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An HTTP/1.1 connection. Requests are served one after the other. Bytes that arrive during a
/// request wait, at most one buffer of them.
final class Http1Connection extends ChannelInboundHandlerAdapter implements LoopState.Member {
  private static final Logger LOG = LoggerFactory.getLogger(Http1Connection.class);

  /// First byte of a TLS handshake (RFC 8446 section 5.1); no HTTP head begins with it.
  private static final byte TLS_HANDSHAKE = 0x16;

  private enum Phase {
    HEAD,
    EXCHANGE,
    /// the last response is sent; further input is dropped
    LINGER,
    CLOSED
  }

  private final Peer peer;
  private final HeadReader heads;
  private final WriteWatch writes;
  private @Nullable ChannelHandlerContext context;
  private Phase phase = Phase.HEAD;
  private @Nullable ByteBuf input;
  private @Nullable Http1Exchange exchange;
  private long parked;
  private long since;
  private boolean served;
  private boolean processing;
  private boolean again;
  private boolean reading;
  private boolean draining;
  private long lingered;

  Http1Connection(Peer peer) {
    this.peer = peer;
    this.heads = new HeadReader(peer);
    this.since = peer.loop().now();
    this.writes = new WriteWatch(since);
  }

  private ChannelHandlerContext ctx() {
    ChannelHandlerContext present = context;
    if (present == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    return present;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    peer.loop().add(this);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    closed();
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext ctx) {
    closed();
  }

  private void closed() {
    if (phase == Phase.CLOSED) {
      return;
    }
    phase = Phase.CLOSED;
    peer.loop().remove(this);
    heads.release();
    dropInput();
    Http1Exchange present = exchange;
    exchange = null;
    if (present != null) {
      present.connectionClosed();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.error(
          "A connection failed within Postern; please report this with the lines below", cause);
    }
    closeNow();
  }

  // Reading.

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf arrived = (ByteBuf) message;
    reading = true;
    switch (phase) {
      case LINGER -> {
        lingered += arrived.readableBytes();
        arrived.release();
        if (lingered > peer.limits().headBytes()) {
          closeNow();
        }
      }
      case CLOSED -> arrived.release();
      case HEAD, EXCHANGE -> {
        ByteBuf present = input;
        input = present == null ? arrived : joined(present, arrived);
        process();
      }
    }
  }

  private ByteBuf joined(ByteBuf first, ByteBuf second) {
    ByteBuf both = ctx().alloc().buffer(first.readableBytes() + second.readableBytes());
    both.writeBytes(first).writeBytes(second);
    first.release();
    second.release();
    return both;
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    reading = false;
    ctx.flush();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    Http1Exchange present = exchange;
    if (isWritable() && present != null) {
      present.writable();
    }
    process();
  }

  /// Processes as much as has arrived.
  void process() {
    again = true;
    if (processing) {
      return;
    }
    processing = true;
    try {
      while (again) {
        again = false;
        while (step()) {
          // Each step changes the state that the next one reads.
        }
      }
    } finally {
      processing = false;
    }
    park();
  }

  private boolean step() {
    return switch (phase) {
      case HEAD -> isWritable() && readHead();
      case EXCHANGE -> exchange != null && exchange.step(input);
      case LINGER, CLOSED -> false;
    };
  }

  private boolean readHead() {
    ByteBuf present = input;
    if (present == null || !present.isReadable()) {
      return false;
    }
    if (!heads.isBegun()) {
      since = peer.loop().now();
      if (present.getByte(present.readerIndex()) == TLS_HANDSHAKE && peer.tls() == null) {
        peer.listener().tlsOnPlain(peer.address().getAddress().getHostAddress());
        closeNow();
        return false;
      }
    }
    try {
      Http1Head head = heads.read(present);
      if (head == null) {
        return false;
      }
      served = true;
      phase = Phase.EXCHANGE;
      Http1Exchange begun = new Http1Exchange(this, peer, head, heads.cost());
      exchange = begun;
      begun.handle();
      return true;
    } catch (RefusedException e) {
      refuse(e.refusal());
      return false;
    }
  }

  /// Refuses invalid input. The connection must end, because the start of the next request is
  /// unknown.
  private void refuse(Refusal refusal) {
    peer.exceeded(refusal.limit());
    var response = refusal.response();
    HeadBytes out = peer.loop().scratch();
    Http1Lines lines = new Http1Lines(out);
    lines.head(
        ResponseHead.whole(
            response.status(),
            response.headers(),
            response.body().length,
            false,
            peer.loop().date()));
    lines.line("Connection", "close");
    lines.end();
    out.octets(response.body());
    write(out);
    // Not when the connection closes, because it may linger for a while.
    heads.release();
    linger();
  }

  /// Counts the bytes that wait behind the active request, and stops or resumes reading.
  private void park() {
    ByteBuf present = input;
    if (present != null && (!present.isReadable() || phase.compareTo(Phase.LINGER) >= 0)) {
      dropInput();
      present = null;
    }
    long waiting = present == null ? 0 : present.capacity();
    if (waiting > parked && !peer.take(waiting - parked)) {
      peer.exceeded(Limit.MEMORY);
      closeNow();
      return;
    }
    if (waiting < parked) {
      peer.give(parked - waiting);
    }
    parked = waiting;
    if (phase != Phase.CLOSED) {
      boolean wanted = wantsInput();
      if (ctx().channel().config().isAutoRead() != wanted) {
        ctx().channel().config().setAutoRead(wanted);
      }
    }
  }

  private boolean wantsInput() {
    return switch (phase) {
      case HEAD -> isWritable();
      // While nothing waits, keep reading: this is how a client that has gone is noticed.
      case EXCHANGE -> input == null || (exchange != null && exchange.wantsInput());
      case LINGER -> true;
      case CLOSED -> false;
    };
  }

  private void dropInput() {
    ByteBuf present = input;
    input = null;
    if (present != null) {
      present.release();
    }
    peer.give(parked);
    parked = 0;
  }

  // Writing.

  boolean isWritable() {
    return ctx().channel().isWritable();
  }

  boolean isDraining() {
    return draining;
  }

  void write(HeadBytes bytes) {
    ByteBuf buffer = ctx().alloc().buffer(bytes.length());
    bytes.copyTo(buffer);
    write(buffer);
  }

  void write(ByteBuf bytes) {
    var _ = ctx().write(bytes, ctx().voidPromise());
  }

  /// Writes bytes and releases their counted memory when they are sent.
  void write(ByteBuf bytes, long counted) {
    ctx().write(bytes).addListener(_ -> peer.give(counted));
  }

  void flush() {
    if (!reading) {
      ctx().flush();
    }
  }

  /// Called at the end of an exchange: continues with the next request or closes.
  void next(boolean keepsAlive) {
    Http1Exchange over = exchange;
    exchange = null;
    if (over != null) {
      over.detach();
    }
    if (!keepsAlive) {
      linger();
      return;
    }
    phase = Phase.HEAD;
    since = peer.loop().now();
  }

  /// Closes after everything written has been sent. Further input is read and dropped for a while:
  /// closing at once would make the kernel send a TCP reset, and the client might lose the
  /// response.
  void linger() {
    if (phase.compareTo(Phase.LINGER) >= 0) {
      return;
    }
    phase = Phase.LINGER;
    since = peer.loop().now();
    Http1Exchange present = exchange;
    exchange = null;
    if (present != null) {
      present.connectionClosed();
    }
    ctx()
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            (ChannelFutureListener)
                sent -> {
                  SslHandler tls = sent.channel().pipeline().get(SslHandler.class);
                  if (tls != null) {
                    tls.closeOutbound().addListener(_ -> shutDown());
                  } else {
                    shutDown();
                  }
                });
    process();
  }

  private void shutDown() {
    if (ctx().channel() instanceof DuplexChannel duplex && duplex.isActive()) {
      var _ = duplex.shutdownOutput();
    }
  }

  // Time.

  @Override
  public void sweep(long now) {
    if (writes.isStalled(ctx().channel(), now, peer.limits().writeTime())) {
      peer.exceeded(Limit.WRITE_PROGRESS);
      closeNow();
      return;
    }
    switch (phase) {
      case HEAD -> sweepHead(now);
      case EXCHANGE -> {
        if (exchange != null) {
          exchange.sweep(now);
        }
      }
      case LINGER -> {
        if (now - since > peer.limits().lingerTime().toNanos()) {
          closeNow();
        }
      }
      case CLOSED -> {
        // The connection is closed already.
      }
    }
  }

  private void sweepHead(long now) {
    EdgeLimits limits = peer.limits();
    if (heads.isBegun()) {
      if (now - since > limits.headTime().toNanos()) {
        refuse(Refusal.of(Limit.HEAD_TIME));
      }
      return;
    }
    boolean fresh = !served && !peer.trusted();
    if (now - since > (fresh ? limits.headTime() : limits.idleTime()).toNanos()) {
      peer.exceeded(Limit.IDLE_TIME);
      closeNow();
    }
  }

  /// Takes effect with the next response: closing an idle connection now could lose a request that
  /// is being sent.
  @Override
  public void goAway() {
    draining = true;
  }

  @Override
  public void closeNow() {
    var _ = ctx().close();
  }

  /// Closes without the regular end of the stream, so that a response that ends with the connection
  /// does not look complete.
  void reset() {
    ctx().channel().config().setOption(ChannelOption.SO_LINGER, 0);
    ctx().channel().unsafe().closeForcibly();
    var _ = ctx().close();
  }
}
