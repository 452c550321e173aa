package dev.postern.upstream;

import dev.postern.net.Endpoint;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFactory;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/// Opens a connection to the upstream: name resolution, TCP and TLS handshake.
///
/// Attempts to several addresses overlap (RFC 8305): the next begins after 250 ms, or as soon as
/// all earlier ones have failed, and the first to succeed is used. So an address that drops packets
/// costs 250 ms, not the whole time limit. Everything runs on one event loop. loop.
final class Connecting {
  /// Time limit for all addresses together, the same as Traefik's for a TLS handshake
  /// (docs/design/traefik.md section 1.6).
  static final long SECONDS = 10;

  /// Connection Attempt Delay (RFC 8305 section 5).
  static final long STAGGER_MILLIS = 250;

  /// As many addresses as can be tried well within the time limit.
  static final int MOST_ADDRESSES = 16;

  /// Limits the request body bytes that are queued for writing.
  private static final WriteBufferWaterMark WAITING =
      new WriteBufferWaterMark(32 * 1024, 64 * 1024);

  /// Where to connect to.
  ///
  /// @param tls TLS, or null for plain TCP
  /// @param lastGood the address of the last successful connection
  /// @param pool where idle connections are kept
  record Target(
      Endpoint endpoint,
      @Nullable UpstreamTlsContext tls,
      Addresses addresses,
      LastGood lastGood,
      ConnectionPool pool) {}

  private final Target target;
  private final EventLoop loop;
  private final Consumer<Connection> opened;
  private final Consumer<IOException> failed;
  private final Queue<InetAddress> untried = new ArrayDeque<>();
  private final List<UpstreamChannel> open = new ArrayList<>();
  private final Future<?> limit;
  private @Nullable Future<?> stagger;
  private @Nullable IOException failure;
  private boolean over;

  private Connecting(
      Target target, EventLoop loop, Consumer<Connection> opened, Consumer<IOException> failed) {
    this.target = target;
    this.loop = loop;
    this.opened = opened;
    this.failed = failed;
    limit = loop.schedule(this::expired, SECONDS, TimeUnit.SECONDS);
  }

  /// Starts connecting.
  ///
  /// @param loop the caller's event loop
  /// @param opened receives the connection
  /// @param failed receives the reason if there is none
  /// @return a handle to cancel it
  static Connecting begin(
      Target target, EventLoop loop, Consumer<Connection> opened, Consumer<IOException> failed) {
    Connecting connecting = new Connecting(target, loop, opened, failed);
    target.addresses().find(loop, connecting::found, connecting::fail);
    return connecting;
  }

  /// Cancels; no callback runs afterwards.
  void cancel() {
    if (giveUp()) {
      open.forEach(Connecting::close);
    }
  }

  private void found(List<InetAddress> addresses) {
    if (!over) {
      untried.addAll(target.lastGood().first(AddressOrder.interleaved(addresses, MOST_ADDRESSES)));
      attempt();
    }
  }

  private void attempt() {
    InetAddress address = untried.poll();
    if (address == null) {
      return;
    }
    if (!untried.isEmpty()) {
      stagger = loop.schedule(this::attempt, STAGGER_MILLIS, TimeUnit.MILLISECONDS);
    }
    UpstreamChannel channel;
    try {
      channel = new UpstreamChannel();
    } catch (ChannelException noDescriptor) {
      failed(new IOException("no socket", noDescriptor));
      return;
    }
    open.add(channel);
    SslHandler tls = tls();
    Connection connection = new Connection(channel, target.pool(), tls != null);
    ChannelFuture connected =
        new Bootstrap()
            .group(loop)
            .channelFactory((ChannelFactory<UpstreamChannel>) () -> channel)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.SO_KEEPALIVE, true)
            // Data that has arrived is read even if writing fails.
            .option(ChannelOption.AUTO_CLOSE, false)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WAITING)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, Math.toIntExact(SECONDS * 1000))
            .disableResolver()
            .handler(new Layers(tls, connection))
            .connect(new InetSocketAddress(address, target.endpoint().port()));
    connected.addListener(_ -> {
      if (connected.isSuccess() && tls != null) {
        tls.handshakeFuture().addListener(handshake -> ready(handshake, connection, address));
      } else {
        ready(connected, connection, address);
      }
    });
  }

  /// The connection is in the pipeline from the start, so that it also receives exceptions of a
  /// failing handshake.
  private static final class Layers extends ChannelInitializer<UpstreamChannel> {
    private final @Nullable SslHandler tls;
    private final Connection connection;

    Layers(@Nullable SslHandler tls, Connection connection) {
      this.tls = tls;
      this.connection = connection;
    }

    @Override
    protected void initChannel(UpstreamChannel channel) {
      if (tls != null) {
        channel.pipeline().addLast(tls);
      }
      channel.pipeline().addLast(connection);
    }
  }

  private @Nullable SslHandler tls() {
    UpstreamTlsContext tls = target.tls();
    return tls == null ? null : tls.handler(target.endpoint().port());
  }

  private void ready(Future<?> attempt, Connection connection, InetAddress address) {
    UpstreamChannel channel = connection.channel();
    if (over) {
      close(channel);
    } else if (!attempt.isSuccess()) {
      open.remove(channel);
      close(channel);
      failed(reason(attempt.cause()));
    } else if (giveUp()) {
      open.remove(channel);
      open.forEach(Connecting::close);
      target.lastGood().set(address);
      opened.accept(connection);
    }
  }

  /// Other attempts continue; the next begins at once.
  private void failed(IOException reason) {
    if (failure == null || reason instanceof SSLException) {
      failure = reason;
    }
    if (!untried.isEmpty()) {
      stopStagger();
      attempt();
    } else if (open.isEmpty()) {
      fail(failure);
    }
  }

  private void fail(IOException reason) {
    if (giveUp()) {
      open.forEach(Connecting::close);
      failed.accept(reason);
    }
  }

  private void expired() {
    fail(failure != null ? failure : new SocketTimeoutException("no connection within 10 s"));
  }

  /// @return whether it was still running
  private boolean giveUp() {
    boolean wasOpen = !over;
    over = true;
    limit.cancel(false);
    stopStagger();
    return wasOpen;
  }

  private void stopStagger() {
    if (stagger != null) {
      stagger.cancel(false);
      stagger = null;
    }
  }

  /// Converts the failure to the exception that the JDK would throw, because messages depend on it.
  private static IOException reason(@Nullable Throwable cause) {
    return switch (cause) {
      case NotSslRecordException _ ->
          new SSLException("Unsupported or unrecognized SSL message", cause);
      case SSLException tls when tls.getMessage() != null && tls.getMessage().contains("closed") ->
          new SSLException("the TLS handshake failed", new EOFException());
      case SSLException tls -> tls;
      case ConnectTimeoutException late -> new SocketTimeoutException(late.getMessage());
      case ClosedChannelException closed ->
          new SSLException("the TLS handshake failed", new EOFException(closed.getMessage()));
      case IOException io -> io;
      case null -> new IOException("no connection");
      case Throwable other -> new IOException(other);
    };
  }

  /// Closes without waiting.
  private static void close(UpstreamChannel channel) {
    ChannelFuture _ = channel.close();
  }
}
