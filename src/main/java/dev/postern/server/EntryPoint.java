package dev.postern.server;

import dev.postern.config.ListenAddress;
import dev.postern.server.heads.LargeHeads;
import dev.postern.server.notice.PeerNotices;
import dev.postern.server.notice.WatchedTls;
import dev.postern.upstream.IoWorker;
import io.undertow.UndertowOptions;
import io.undertow.protocols.ssl.UndertowXnioSsl;
import io.undertow.server.HttpHandler;
import io.undertow.server.OpenListener;
import io.undertow.server.protocol.http.AlpnOpenListener;
import io.undertow.server.protocol.http.HttpOpenListener;
import io.undertow.server.protocol.http2.Http2OpenListener;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import org.xnio.ChannelListener;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.Xnio;
import org.xnio.XnioExecutor;
import org.xnio.channels.AcceptingChannel;
import org.xnio.ssl.SslConnection;

/// An open socket and the handler behind it.
///
/// Accepting can be ended while connections that are open already go on, which is what a stop that
/// loses nothing needs.
public final class EntryPoint {
  static {
    // Undertow would join the Cookie lines of an HTTP/1.1 request; the upstream is to get them as
    // they came (invariant 10), because it may read two lines otherwise than one.
    System.setProperty("io.undertow.server.protocol.http.DisableCookieCrumbsAssembly", "true");
  }

  private static final int MAX_HEADER_BYTES = 1024 * 1024;

  /// Heads beyond the usual size that may arrive at the same time: each may cost three times its
  /// bytes until it has become a request.
  private static final int LARGE_HEADS = 16;

  /// What Traefik itself accepts on its own entry points, by size alone.
  private static final int MAX_HEADER_LINES = 10_000;

  /// Traefik keeps idle connections for 90 s (traefik-contract 1.6) and reuses them to the last
  /// moment; Traefik's own entry points wait 180 s.
  private static final int IDLE_MILLIS = (int) TimeUnit.SECONDS.toMillis(180);

  /// How long a head may take to arrive, once it has begun.
  private static final int HEAD_MILLIS = (int) TimeUnit.SECONDS.toMillis(10);

  /// One connection from Traefik carries the requests of all its clients, and each that a client
  /// gives up is reset: a page of images left in a hurry is a hundred resets. Undertow's default of
  /// 200 in 30 s would close the connection under everybody else.
  private static final int MAX_RESETS_IN_WINDOW = 100_000;

  /// Streams of one HTTP/2 connection at a time: as many as Go's client opens before it opens a
  /// second connection, times four.
  private static final int MAX_STREAMS = 1000;

  private static final OptionMap SERVER_OPTIONS =
      OptionMap.builder()
          .set(UndertowOptions.MAX_HEADER_SIZE, MAX_HEADER_BYTES)
          .set(UndertowOptions.MAX_HEADERS, MAX_HEADER_LINES)
          .set(UndertowOptions.MAX_PARAMETERS, MAX_HEADER_LINES)
          .set(UndertowOptions.NO_REQUEST_TIMEOUT, IDLE_MILLIS)
          .set(UndertowOptions.IDLE_TIMEOUT, IDLE_MILLIS)
          .set(UndertowOptions.REQUEST_PARSE_TIMEOUT, HEAD_MILLIS)
          .set(UndertowOptions.MAX_RST_FRAMES_PER_WINDOW, MAX_RESETS_IN_WINDOW)
          .set(UndertowOptions.HTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, MAX_STREAMS)
          .set(UndertowOptions.DECODE_URL, false)
          .set(UndertowOptions.ALLOW_UNESCAPED_CHARACTERS_IN_URL, true)
          .set(UndertowOptions.ALWAYS_SET_KEEP_ALIVE, false)
          .getMap();

  private static final OptionMap SOCKET_OPTIONS =
      OptionMap.builder()
          .set(Options.TCP_NODELAY, true)
          .set(Options.REUSE_ADDRESSES, true)
          .set(Options.BACKLOG, 1024)
          .getMap();

  private final AcceptingChannel<? extends StreamConnection> channel;
  private final OpenListener connections;
  private final OpenConnections open;

  private EntryPoint(
      AcceptingChannel<? extends StreamConnection> channel,
      OpenListener connections,
      OpenConnections open) {
    this.channel = channel;
    this.connections = connections;
    this.open = open;
  }

  /// Opens a plain entry point.
  ///
  /// @param address where to listen
  /// @param io threads and buffers
  /// @param notices told of peers who speak TLS
  /// @param handler answers the requests
  /// @return the open entry point
  /// @throws IOException if the address cannot be had
  public static EntryPoint openPlain(
      ListenAddress address, IoWorker io, PeerNotices notices, HttpHandler handler)
      throws IOException {
    HttpOpenListener http = new HttpOpenListener(io.buffers(), SERVER_OPTIONS);
    LargeHeads heads =
        new LargeHeads(LARGE_HEADS, connection -> notices.tlsOnPlain(peer(connection)));
    http.setRootHandler(heads.around(handler));
    OpenConnections open = new OpenConnections();
    ChannelListener<AcceptingChannel<StreamConnection>> accept =
        ChannelListeners.openListenerAdapter(
            open.counting(connection -> {
              heads.watch(connection);
              http.handleEvent(connection);
            }));
    AcceptingChannel<? extends StreamConnection> channel =
        io.worker().createStreamConnectionServer(socket(address), accept, SOCKET_OPTIONS);
    channel.resumeAccepts();
    return new EntryPoint(channel, http, open);
  }

  /// Opens an entry point with TLS, HTTP/2 by ALPN (RFC 7301) and HTTP/1.1 beside it.
  ///
  /// @param address where to listen
  /// @param io threads and buffers
  /// @param tls the certificate
  /// @param notices told of peers with whom there is no handshake
  /// @param handler answers the requests
  /// @return the open entry point
  /// @throws IOException if the address cannot be had
  public static EntryPoint openTls(
      ListenAddress address, IoWorker io, SSLContext tls, PeerNotices notices, HttpHandler handler)
      throws IOException {
    HttpOpenListener http = new HttpOpenListener(io.buffers(), SERVER_OPTIONS);
    Http2OpenListener http2 = new Http2OpenListener(io.buffers(), SERVER_OPTIONS);
    AlpnOpenListener alpn = new AlpnOpenListener(io.buffers(), SERVER_OPTIONS, http);
    alpn.addProtocol(Http2OpenListener.HTTP2, http2, 10);
    alpn.addProtocol("http/1.1", http, 5);
    alpn.setRootHandler(handler);
    UndertowXnioSsl ssl =
        new UndertowXnioSsl(
            Xnio.getInstance(), OptionMap.EMPTY, io.buffers(), WatchedTls.over(tls, notices));
    OpenConnections open = new OpenConnections();
    AcceptingChannel<? extends StreamConnection> channel =
        ssl.createSslConnectionServer(
            io.worker(),
            socket(address),
            ChannelListeners.openListenerAdapter(open.counting(withinTime(alpn))),
            SOCKET_OPTIONS);
    channel.resumeAccepts();
    return new EntryPoint(channel, alpn, open);
  }

  private static String peer(StreamConnection connection) {
    return connection.getPeerAddress() instanceof InetSocketAddress internet
        ? internet.getAddress().getHostAddress()
        : String.valueOf(connection.getPeerAddress());
  }

  /// Undertow bounds heads and idle connections, but not the handshake before them.
  private static ChannelListener<StreamConnection> withinTime(
      ChannelListener<StreamConnection> opened) {
    return connection -> {
      opened.handleEvent(connection);
      if (connection instanceof SslConnection tls) {
        XnioExecutor.Key _ =
            tls.getIoThread()
                .executeAfter(() -> closeUnsecured(tls), HEAD_MILLIS, TimeUnit.MILLISECONDS);
      }
    };
  }

  private static void closeUnsecured(SslConnection connection) {
    SSLSession session = connection.getSslSession();
    if (session == null || session.getCipherSuite().equals("SSL_NULL_WITH_NULL_NULL")) {
      IoUtils.safeClose(connection);
    }
  }

  private static InetSocketAddress socket(ListenAddress address) throws IOException {
    return address.host().isEmpty()
        ? new InetSocketAddress(address.port())
        : new InetSocketAddress(InetAddress.getByName(address.host()), address.port());
  }

  /// The port that is really bound.
  ///
  /// @return a port
  public int port() {
    return channel.getLocalAddress(InetSocketAddress.class).getPort();
  }

  /// How many connections are open.
  ///
  /// @return a number
  public int openConnections() {
    return open.count();
  }

  /// Accepts no more connections; those that are open go on.
  public void stopAccepting() {
    IoUtils.safeClose(channel);
  }

  /// Closes every connection.
  public void close() {
    stopAccepting();
    connections.closeConnections();
  }
}
