package dev.postern.server.admin;

import dev.postern.config.ListenAddress;
import dev.postern.server.Drain;
import dev.postern.server.MetricsPage;
import dev.postern.server.OpenServer;
import dev.postern.server.observe.Reporting;
import io.undertow.UndertowOptions;
import io.undertow.connector.ByteBufferPool;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.server.HttpHandler;
import io.undertow.server.protocol.http.HttpOpenListener;
import io.undertow.util.Headers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.StreamConnection;
import org.xnio.Xnio;
import org.xnio.XnioWorker;
import org.xnio.channels.AcceptingChannel;

/// The admin entry point: plain HTTP/1.1 on Undertow with its own threads, so that scanning entries
/// or printing metrics does not delay requests from Traefik.
public final class AdminServer implements OpenServer {
  /// Requests of operators, monitoring and API clients have short heads.
  private static final int MAX_HEADER_BYTES = 64 * 1024;

  private static final int IDLE_MILLIS = (int) TimeUnit.SECONDS.toMillis(180);

  /// Maximum time from the first byte of a head to its end.
  private static final int HEAD_MILLIS = (int) TimeUnit.SECONDS.toMillis(10);

  private static final int BUFFER_BYTES = 16 * 1024;

  private static final OptionMap SERVER_OPTIONS =
      OptionMap.builder()
          .set(UndertowOptions.MAX_HEADER_SIZE, MAX_HEADER_BYTES)
          .set(UndertowOptions.NO_REQUEST_TIMEOUT, IDLE_MILLIS)
          .set(UndertowOptions.IDLE_TIMEOUT, IDLE_MILLIS)
          .set(UndertowOptions.REQUEST_PARSE_TIMEOUT, HEAD_MILLIS)
          .set(UndertowOptions.DECODE_URL, false)
          .set(UndertowOptions.ALLOW_UNESCAPED_CHARACTERS_IN_URL, true)
          .set(UndertowOptions.ALWAYS_SET_KEEP_ALIVE, false)
          .getMap();

  private static final OptionMap SOCKET_OPTIONS =
      OptionMap.builder()
          .set(Options.TCP_NODELAY, true)
          .set(Options.REUSE_ADDRESSES, true)
          .set(Options.BACKLOG, 128)
          .getMap();

  private static final OptionMap WORKER_OPTIONS =
      OptionMap.builder()
          .set(Options.WORKER_NAME, "postern-admin")
          .set(Options.WORKER_IO_THREADS, 1)
          .set(Options.WORKER_TASK_CORE_THREADS, 1)
          .set(Options.WORKER_TASK_MAX_THREADS, 4)
          .set(Options.THREAD_DAEMON, true)
          .getMap();

  private final XnioWorker worker;
  private final ByteBufferPool buffers;
  private final AcceptingChannel<? extends StreamConnection> channel;
  private final HttpOpenListener connections;
  private final OpenConnections open;

  private AdminServer(
      XnioWorker worker,
      ByteBufferPool buffers,
      AcceptingChannel<? extends StreamConnection> channel,
      HttpOpenListener connections,
      OpenConnections open) {
    this.worker = worker;
    this.buffers = buffers;
    this.channel = channel;
    this.connections = connections;
    this.open = open;
  }

  /// The handlers of the entry point.
  ///
  /// @param drain counts the active requests
  /// @param reporting reports them, or null if no listener is configured
  /// @param metrics prints `/metrics`, or null if this entry point does not serve it
  /// @param loopback whether the entry point listens only on loopback
  /// @param api handles everything else
  public record Handlers(
      Drain drain,
      @Nullable Reporting reporting,
      MetricsPage.@Nullable Printer metrics,
      boolean loopback,
      AdminHandler api) {
    private HttpHandler handler() {
      HttpHandler metricsAndApi = new MetricsHandler(metrics, loopback, api);
      HttpHandler observed =
          reporting == null ? metricsAndApi : new AdminObservation(reporting, metricsAndApi);
      return counted(drain, observed);
    }
  }

  /// Counts the requests, so that a stop waits for them.
  private static HttpHandler counted(Drain drain, HttpHandler next) {
    return exchange -> {
      boolean last = drain.enter();
      exchange.addExchangeCompleteListener((_, chain) -> {
        drain.leave();
        chain.proceed();
      });
      if (last && exchange.isHttp11()) {
        exchange.setPersistent(false);
        exchange.getResponseHeaders().put(Headers.CONNECTION, "close");
      }
      next.handleRequest(exchange);
    };
  }

  /// Opens the entry point.
  ///
  /// @param address the address to listen on
  /// @throws IOException if the address cannot be bound
  public static AdminServer open(ListenAddress address, Handlers parts) throws IOException {
    ByteBufferPool buffers = new DefaultByteBufferPool(true, BUFFER_BYTES);
    HttpOpenListener http = new HttpOpenListener(buffers, SERVER_OPTIONS);
    http.setRootHandler(parts.handler());
    OpenConnections open = new OpenConnections();
    InetSocketAddress socket = socket(address);
    XnioWorker worker = Xnio.getInstance().createWorker(WORKER_OPTIONS);
    try {
      AcceptingChannel<? extends StreamConnection> channel =
          worker.createStreamConnectionServer(
              socket, ChannelListeners.openListenerAdapter(open.counting(http)), SOCKET_OPTIONS);
      channel.resumeAccepts();
      return new AdminServer(worker, buffers, channel, http, open);
    } catch (IOException unavailable) {
      worker.shutdownNow();
      buffers.close();
      throw unavailable;
    }
  }

  private static InetSocketAddress socket(ListenAddress address) throws IOException {
    return address.host().isEmpty()
        ? new InetSocketAddress(address.port())
        : new InetSocketAddress(InetAddress.getByName(address.host()), address.port());
  }

  @Override
  public int port() {
    return channel.getLocalAddress(InetSocketAddress.class).getPort();
  }

  @Override
  public int openConnections() {
    return open.count();
  }

  /// Not needed: HTTP/1.1 responses say that the connection closes.
  @Override
  public void goAway() {}

  @Override
  public void stopAccepting() {
    IoUtils.safeClose(channel);
  }

  /// Closes every connection and stops the threads.
  @Override
  public void close() {
    stopAccepting();
    connections.closeConnections();
    worker.shutdownNow();
    try {
      // A task that still runs may need a buffer.
      boolean _ = worker.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    buffers.close();
  }
}
