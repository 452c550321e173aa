package dev.postern.server.edge;

import dev.postern.server.ExchangeHandler;
import dev.postern.server.OpenServer;
import dev.postern.upstream.EventLoops;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// An open entry point: HTTP/1.1, and over TLS also HTTP/2 by ALPN (RFC 7301).
///
/// It can stop accepting while open connections continue, for a stop that loses no request.
public final class EdgeServer implements OpenServer {
  /// What entry points use.
  ///
  /// @param budget the memory shared by all entry points
  /// @param listener receives what is refused
  /// @param trusted peers that may send `X-Forwarded-*`
  /// @param handler handles the requests
  /// @param ticker monotonic nanoseconds
  /// @param clock the wall clock, for `Date`
  public record Setup(
      EventLoops loops,
      EdgeLimits limits,
      MemoryBudget budget,
      EdgeListener listener,
      Predicate<InetAddress> trusted,
      ExchangeHandler handler,
      LongSupplier ticker,
      Clock clock) {}

  private static final int BACKLOG = 1024;

  private final Setup parts;
  private final @Nullable SslContext tls;
  private final Map<EventLoop, LoopState> loops = new ConcurrentHashMap<>();
  private final AtomicInteger open = new AtomicInteger();
  private @Nullable Channel channel;

  private EdgeServer(Setup parts, @Nullable SslContext tls) {
    this.parts = parts;
    this.tls = tls;
  }

  /// Opens an entry point.
  ///
  /// @param address the address to listen on
  /// @param tls the TLS settings, or null for plain HTTP/1.1
  /// @throws IOException if the address cannot be bound
  public static EdgeServer open(InetSocketAddress address, @Nullable EdgeTls tls, Setup parts)
      throws IOException {
    EdgeServer server = new EdgeServer(parts, tls == null ? null : netty(tls));
    var bound = server.bootstrap().bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      throw bound.cause() instanceof IOException known ? known : new IOException(bound.cause());
    }
    server.channel = bound.channel();
    return server;
  }

  private static SslContext netty(EdgeTls tls) {
    ApplicationProtocolConfig alpn =
        new ApplicationProtocolConfig(
            Protocol.ALPN,
            SelectorFailureBehavior.NO_ADVERTISE,
            SelectedListenerFailureBehavior.ACCEPT,
            "h2",
            "http/1.1");
    ClientAuth clients =
        switch (tls.clients()) {
          case NOT_ASKED -> ClientAuth.NONE;
          case ASKED -> ClientAuth.OPTIONAL;
          case REQUIRED -> ClientAuth.REQUIRE;
        };
    var suites = List.of(tls.context().getDefaultSSLParameters().getCipherSuites());
    return new JdkSslContext(
        tls.context(),
        false,
        suites,
        IdentityCipherSuiteFilter.INSTANCE,
        alpn,
        clients,
        null,
        false);
  }

  private ServerBootstrap bootstrap() {
    return new ServerBootstrap()
        .group(parts.loops().group())
        .channel(NioServerSocketChannel.class)
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .handler(new AcceptPause(parts.listener()))
        .childHandler(new Accepted());
  }

  /// The port in use, also where the configuration says 0.
  @Override
  public int port() {
    return ((InetSocketAddress) listening().localAddress()).getPort();
  }

  private Channel listening() {
    Channel present = channel;
    if (present == null) {
      throw new IllegalStateException("not open");
    }
    return present;
  }

  /// The number of open connections.
  @Override
  public int openConnections() {
    return open.get();
  }

  /// Stops accepting connections; open ones continue.
  @Override
  public void stopAccepting() {
    listening().close().awaitUninterruptibly();
  }

  /// Asks the peers of all connections to use another connection next: over HTTP/2 by a GOAWAY,
  /// over HTTP/1.1 with the next response. Requests that arrive before that are still served.
  @Override
  public void goAway() {
    each(LoopState.Member::goAway);
  }

  /// Closes the entry point and every connection.
  @Override
  public void close() {
    stopAccepting();
    each(LoopState.Member::closeNow);
    loops.values().forEach(LoopState::stop);
  }

  private void each(Consumer<LoopState.Member> action) {
    loops.forEach((loop, state) ->
        loop.execute(() -> {
          for (LoopState.Member member : state.members()) {
            action.accept(member);
          }
        }));
  }

  private LoopState state(EventLoop loop) {
    return loops.computeIfAbsent(
        loop,
        _ -> new LoopState(loop, parts.ticker(), parts.clock(), parts.limits().sweepInterval()));
  }

  /// Sets up an accepted connection.
  @ChannelHandler.Sharable
  private final class Accepted extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel accepted) {
      InetSocketAddress address = (InetSocketAddress) accepted.remoteAddress();
      InetSocketAddress local = (InetSocketAddress) accepted.localAddress();
      if (address == null || local == null) {
        // The connection is closed already.
        var _ = accepted.close();
        return;
      }
      Peer peer =
          new Peer(
              address,
              local.getPort(),
              parts.trusted().test(address.getAddress()),
              null,
              state(accepted.eventLoop()),
              parts.limits(),
              parts.budget(),
              parts.listener(),
              parts.handler());
      if (isAdmitted(accepted, peer)) {
        setUp(accepted, peer);
      }
    }

    private boolean isAdmitted(Channel accepted, Peer peer) {
      EdgeLimits limits = parts.limits();
      int cost = tls == null ? limits.connectionBytes() : limits.tlsConnectionBytes();
      if (!parts.budget().takeForConnection(peer.trusted(), cost)) {
        peer.exceeded(Limit.CONNECTIONS);
        var _ = accepted.close();
        return false;
      }
      open.incrementAndGet();
      accepted
          .closeFuture()
          .addListener(_ -> {
            open.decrementAndGet();
            parts.budget().give(peer.trusted(), cost);
          });
      return true;
    }

    private void setUp(Channel accepted, Peer peer) {
      SslContext context = tls;
      if (context == null) {
        accepted.pipeline().addLast(new Http1Connection(peer));
        return;
      }
      SslHandler handler =
          context.newHandler(
              accepted.alloc(),
              peer.address().getAddress().getHostAddress(),
              peer.address().getPort());
      handler.setHandshakeTimeoutMillis(parts.limits().handshakeTime().toMillis());
      accepted.pipeline().addLast(handler, new Handshake(peer, handler));
    }
  }
}
