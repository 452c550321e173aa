package dev.postern.feeds;

import dev.postern.config.FeedsConfig.Websocket;
import dev.postern.config.tls.client.TlsLayer;
import dev.postern.config.tls.client.TlsTrouble;
import dev.postern.net.Endpoint;
import dev.postern.net.HostName;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/// Connects to authentik's outpost channel: TCP, TLS, websocket handshake. The listening thread
/// blocks here; an event loop serves the connection and never blocks.
final class OutpostConnector implements Channel.Connector {
  /// Time limit for connecting, handshakes included.
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /// Maximum bytes read per event loop turn, so that a flood does not starve other connections.
  private static final int READ_BYTES = 16 * 1024;

  /// Limits pings and pongs that queue up for a slow peer.
  private static final WriteBufferWaterMark WAITING = new WriteBufferWaterMark(2048, 4096);

  /// How long sending `close_notify` may take before the connection is closed without it.
  private static final long CLOSE_MILLIS = 1000;

  /// Resolves a host name; may block.
  @FunctionalInterface
  interface Lookup {
    InetAddress[] addresses(String host) throws UnknownHostException;
  }

  /// Collaborators of the connector.
  ///
  /// @param loops event loops that serve the connections
  /// @param messageLimit how long a message may take to arrive
  /// @param ticker nanoseconds
  record Network(EventLoopGroup loops, Lookup lookup, Duration messageLimit, LongSupplier ticker) {}

  private final Websocket config;
  private final SSLContext context;
  private final Network parts;
  private final LongSupplier ticker;
  private final String instance = UUID.randomUUID().toString();

  /// @param config endpoint, outpost and token
  /// @param context trusted certificates, and the client certificate
  OutpostConnector(Websocket config, SSLContext context, Network parts) {
    this.config = config;
    this.context = context;
    this.parts = parts;
    ticker = parts.ticker();
  }

  @Override
  public Channel connect() throws ConnectionLost {
    try {
      return connect(ticker.getAsLong() + LIMIT.toNanos());
    } catch (IOException e) {
      throw new ConnectionLost(reason(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ConnectionLost("interrupted", e);
    }
  }

  /// Tries the addresses in order; each gets an equal share of the remaining time.
  private Channel connect(long end) throws IOException, InterruptedException, ConnectionLost {
    InetAddress[] addresses = parts.lookup().addresses(config.endpoint().host().text());
    Throwable failure = new SocketTimeoutException();
    for (int i = 0; i < addresses.length && ticker.getAsLong() - end < 0; i++) {
      long share = (end - ticker.getAsLong()) / (addresses.length - i);
      Attempt attempt = new Attempt();
      ChannelFuture connected = attempt.begin(addresses[i], share);
      if (!connected.await(share, TimeUnit.NANOSECONDS)) {
        close(connected.channel());
        failure = new SocketTimeoutException();
      } else if (connected.isSuccess()) {
        return attempt.open(connected.channel(), end);
      } else {
        failure = connected.cause();
      }
    }
    throw io(failure);
  }

  /// One attempt to connect.
  private final class Attempt extends ChannelInitializer<SocketChannel> {
    private final Arrivals arrivals = new Arrivals();
    private final OutpostHandler handler;

    Attempt() {
      Handshake handshake = new Handshake(config, instance, OutpostHandler.MAX_MESSAGE_BYTES);
      handler = new OutpostHandler(handshake, arrivals, ticker, config.endpoint().isTls());
    }

    ChannelFuture begin(InetAddress address, long nanos) {
      return new Bootstrap()
          .group(parts.loops())
          .channel(NioSocketChannel.class)
          .option(ChannelOption.TCP_NODELAY, true)
          .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millis(nanos))
          .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WAITING)
          .option(
              ChannelOption.RECVBUF_ALLOCATOR,
              new FixedRecvByteBufAllocator(READ_BYTES).maxMessagesPerRead(1))
          .disableResolver()
          .handler(this)
          .connect(new InetSocketAddress(address, config.endpoint().port()));
    }

    @Override
    protected void initChannel(SocketChannel channel) {
      if (config.endpoint().isTls()) {
        channel.pipeline().addLast(tls());
      }
      channel.pipeline().addLast(handler.handlers());
    }

    Channel open(io.netty.channel.Channel connection, long end)
        throws IOException, InterruptedException, ConnectionLost {
      try {
        handler.opened().get(Math.max(0, end - ticker.getAsLong()), TimeUnit.NANOSECONDS);
        return new OutpostChannel(connection, arrivals, parts.messageLimit(), ticker);
      } catch (TimeoutException late) {
        close(connection);
        throw new SocketTimeoutException();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof ConnectionLost lost) {
          throw lost;
        }
        throw io(e.getCause());
      } catch (InterruptedException e) {
        close(connection);
        throw e;
      }
    }
  }

  private static int millis(long nanos) {
    return (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanos));
  }

  private SslHandler tls() {
    Endpoint endpoint = config.endpoint();
    HostName name = TlsLayer.name(config.tls(), endpoint.host());
    SSLEngine engine = context.createSSLEngine(name.certificateName(), endpoint.port());
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    TlsLayer.askFor(name, config.tls(), parameters);
    engine.setSSLParameters(parameters);
    SslHandler handler = new SslHandler(engine);
    // Connecting as a whole already has a limit.
    handler.setHandshakeTimeoutMillis(0);
    handler.setCloseNotifyFlushTimeoutMillis(CLOSE_MILLIS);
    return handler;
  }

  /// Converts the failure to the exception that the JDK would throw, because messages depend on it.
  private static IOException io(@Nullable Throwable failure) {
    return switch (failure) {
      case DecoderException wrapped when wrapped.getCause() instanceof IOException cause ->
          io(cause);
      case NotSslRecordException _ ->
          new SSLException("Unsupported or unrecognized SSL message", failure);
      case SSLException tls when tls.getMessage() != null && tls.getMessage().contains("closed") ->
          new SSLException("the TLS handshake failed", new EOFException());
      case ConnectTimeoutException late -> new SocketTimeoutException(late.getMessage());
      case ClosedChannelException closed ->
          new SSLException("the TLS handshake failed", new EOFException(closed.getMessage()));
      case IOException io -> io;
      case null -> new IOException("no connection");
      case Throwable other -> new IOException(other);
    };
  }

  private String reason(IOException e) {
    String at = config.endpoint().authority();
    return switch (e) {
      case UnknownHostException _ when config.endpoint().host().zone() != null ->
          config.endpoint().host().unknownHere()
              + "; check the zone of the address in feeds.websocket.endpoint";
      case UnknownHostException _ ->
          "the name in feeds.websocket.endpoint cannot be resolved: " + config.endpoint().host();
      case ConnectException _ ->
          at + " refuses connections; check feeds.websocket.endpoint and that authentik is running";
      case SocketTimeoutException _ -> at + " does not answer within " + LIMIT.toSeconds() + " s";
      case SSLException tls ->
          "TLS with "
              + at
              + " fails, "
              + TlsTrouble.clause(tls, "feeds.websocket.tls", "feeds.websocket.endpoint");
      case IOException other -> "the connection to " + at + " broke: " + other.getMessage();
    };
  }

  private static void close(io.netty.channel.Channel connection) {
    ChannelFuture _ = connection.close();
  }
}
