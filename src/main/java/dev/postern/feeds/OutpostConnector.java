package dev.postern.feeds;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.postern.config.FeedsConfig.Websocket;
import dev.postern.config.tls.client.TlsLayer;
import dev.postern.config.tls.client.TlsTrouble;
import dev.postern.net.Endpoint;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.UUID;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;

/// Connects to authentik's outpost channel: TCP, TLS, websocket handshake (RFC 6455, section 4).
///
/// A client of its own and not the JDK's, which cannot ask for another server name than the URL's
/// host, and brings a module of the run-time and threads of its own.
final class OutpostConnector implements Channel.Connector {
  /// Bound of connecting, handshakes included.
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final Websocket config;
  private final SSLContext context;
  private final Duration messageLimit;
  private final LongSupplier ticker;
  private final String instance = UUID.randomUUID().toString();

  OutpostConnector(
      Websocket config, SSLContext context, Duration messageLimit, LongSupplier ticker) {
    this.config = config;
    this.context = context;
    this.messageLimit = messageLimit;
    this.ticker = ticker;
  }

  @Override
  public Channel connect() throws ConnectionLost {
    Socket socket = new Socket();
    try {
      return connect(socket);
    } catch (IOException e) {
      closeQuietly(socket);
      throw new ConnectionLost(reason(e), e);
    } catch (ConnectionLost | RuntimeException e) {
      closeQuietly(socket);
      throw e;
    }
  }

  private Channel connect(Socket socket) throws IOException, ConnectionLost {
    long end = ticker.getAsLong() + LIMIT.toNanos();
    Endpoint endpoint = config.endpoint();
    socket.setTcpNoDelay(true);
    socket.connect(
        new InetSocketAddress(endpoint.host().text(), endpoint.port()), (int) LIMIT.toMillis());
    socket.setSoTimeout((int) LIMIT.toMillis());
    Socket secured =
        endpoint.isTls() ? TlsLayer.over(socket, context, config.tls(), endpoint.host()) : socket;
    Handshake handshake = Handshake.random();
    secured.getOutputStream().write(handshake.request(config, instance).getBytes(ISO_8859_1));
    InputStream in = new BufferedInputStream(secured.getInputStream());
    handshake.check(Handshake.readHead(in, () -> ticker.getAsLong() - end > 0));
    return new OutpostChannel(secured, in, messageLimit, ticker);
  }

  private String reason(IOException e) {
    String at = config.endpoint().authority();
    return switch (e) {
      case UnknownHostException _ ->
          "the name in feeds.websocket.endpoint is unknown: " + config.endpoint().host();
      case ConnectException _ ->
          at + " refuses connections; check feeds.websocket.endpoint and that authentik runs";
      case SocketTimeoutException _ -> at + " gives no answer within " + LIMIT.toSeconds() + " s";
      case SSLException tls ->
          "TLS with "
              + at
              + " fails, "
              + TlsTrouble.clause(tls, "feeds.websocket.tls", "feeds.websocket.endpoint");
      case IOException other -> "the connection to " + at + " broke: " + other.getMessage();
    };
  }

  static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException alreadyBroken) {
      // Nothing is left to be closed then.
    }
  }
}
