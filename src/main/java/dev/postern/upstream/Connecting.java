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

/// A new connection to the upstream, from the lookup of its name to the end of the TLS handshake.
///
/// Attempts to connect to several addresses overlap (RFC 8305): the next begins after 250 ms, or as
/// soon as all before have failed, and the first to be ready is used. So an address that swallows
/// packets costs a quarter of a second and not the whole time. Everything happens on one event
/// loop.
final class Connecting {
  /// As long as Traefik gives a TLS handshake (docs/design/traefik.md section 1.6); all addresses
  /// together.
  static final long SECONDS = 10;

  /// Connection Attempt Delay (RFC 8305 section 5).
  static final long STAGGER_MILLIS = 250;

  /// As many addresses as can have their turn well within the time.
  static final int MOST_ADDRESSES = 16;

  /// Bytes of a request body that may wait to be written.
  private static final WriteBufferWaterMark WAITING =
      new WriteBufferWaterMark(32 * 1024, 64 * 1024);

  /// Where to connect to.
  ///
  /// @param endpoint host, port and scheme
  /// @param tls TLS, or null for plain TCP
  /// @param addresses the addresses of the host
  /// @param lastGood which of them was good last
  /// @param pool where connections rest
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

  /// Begins.
  ///
  /// @param target where to connect to
  /// @param loop the event loop of the caller
  /// @param opened receives the connection
  /// @param failed receives the reason when there is none
  /// @return what can be given up
  static Connecting begin(
      Target target, EventLoop loop, Consumer<Connection> opened, Consumer<IOException> failed) {
    Connecting connecting = new Connecting(target, loop, opened, failed);
    target.addresses().find(loop, connecting::found, connecting::fail);
    return connecting;
  }

  /// Gives up; nobody is called any more.
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
            // What has come is read even when nothing can be written any more.
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

  /// The connection is there from the start: it also takes what a failing handshake throws.
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

  /// The others go on; the next begins at once.
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

  /// @return whether it was still going on
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

  /// The reason as the JDK would tell it, which is what messages are made of.
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

  /// Nobody waits for the end of a connection that is not needed.
  private static void close(UpstreamChannel channel) {
    ChannelFuture _ = channel.close();
  }
}
