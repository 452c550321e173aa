package dev.postern.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A connection to the upstream, plain or after its TLS handshake: one request and response at a
/// time. Everything runs on its event loop.
///
/// It is reused only if the last response ended exactly at the last received byte. Unsolicited
/// bytes close it, so that they are never taken for the next response (response smuggling).
final class Connection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  private final UpstreamChannel channel;
  private final ConnectionPool pool;
  private final boolean isTls;
  private @Nullable Transfer transfer;
  private boolean hasServed;
  private boolean closeNotified;
  private long lastResponse;

  Connection(UpstreamChannel channel, ConnectionPool pool, boolean isTls) {
    this.channel = channel;
    this.pool = pool;
    this.isTls = isTls;
  }

  UpstreamChannel channel() {
    return channel;
  }

  EventLoop eventLoop() {
    return channel.eventLoop();
  }

  /// Whether it has served a call before; then the upstream may be closing it.
  boolean isKept() {
    return hasServed;
  }

  /// When the last response was complete, by [System#nanoTime].
  long lastResponse() {
    return lastResponse;
  }

  void begin(Transfer next) {
    transfer = next;
  }

  /// Ends a call.
  ///
  /// @param isClean whether the response is complete, with no bytes after it
  void finished(boolean isClean) {
    transfer = null;
    hasServed = true;
    lastResponse = System.nanoTime();
    if (isClean && channel.isActive() && !closeNotified) {
      channel.config().setAutoRead(true);
      // Bytes already read but not yet delivered arrive first, and close it.
      eventLoop().execute(this::park);
    } else {
      close();
    }
  }

  private void park() {
    if (channel.isActive() && transfer == null) {
      pool.keep(this);
    }
  }

  /// Aborts a call and closes the connection.
  void abandon() {
    transfer = null;
    close();
  }

  void close() {
    var _ = channel.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf bytes = (ByteBuf) message;
    if (transfer == null) {
      bytes.release();
      close();
    } else {
      transfer.received(bytes);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (transfer != null && channel.isWritable()) {
      transfer.requestBody().writable();
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event == SslCloseCompletionEvent.SUCCESS) {
      closeNotified = true;
      ended();
      close();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    pool.forget(this);
    ended();
  }

  /// Over TLS a connection that just ends may have been cut by an attacker, so only a
  /// `close_notify` ends a body that lasts until the connection closes (RFC 9112 section 9.8).
  private void ended() {
    if (transfer != null) {
      transfer.connectionEnded(!isTls || closeNotified);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    IOException reason = reason(cause);
    if (transfer != null) {
      transfer.broken(reason);
    }
    close();
  }

  /// Netty wraps exceptions of its handlers; anything that is not an I/O error is a bug in Postern.
  private static IOException reason(Throwable cause) {
    if (cause instanceof IOException io) {
      return io;
    }
    if (cause.getCause() instanceof IOException inner) {
      return inner;
    }
    LOG.atError()
        .setCause(cause)
        .log("A response of the identity provider could not be handled; please report this");
    return new IOException(cause);
  }
}
