package dev.postern.server.edge;

import dev.postern.testing.Await;
import dev.postern.testing.Certificates;
import dev.postern.upstream.EventLoops;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// An entry point with a test handler. The clock moves only when the test moves it.
final class EdgeStage implements AutoCloseable {
  static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");
  static final String DATE = "Tue, 03 Feb 2026 04:05:06 GMT";

  final EchoHandler handler = new EchoHandler();
  final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  final AtomicLong nanos = new AtomicLong();
  final EdgeLimits limits;
  final MemoryBudget budget;
  private final Map<Thread, Long> seen = new ConcurrentHashMap<>();
  private final EventLoops loops = EventLoops.start();
  private final EdgeServer server;

  private EdgeStage(
      UnaryOperator<EdgeLimits> change, Predicate<InetAddress> trusted, @Nullable EdgeTls tls)
      throws IOException {
    limits = change.apply(quick(EdgeLimits.forHeap(192L * 1024 * 1024)));
    budget = new MemoryBudget(limits);
    server =
        EdgeServer.open(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
            tls,
            new EdgeServer.Setup(
                loops,
                limits,
                budget,
                new Listening(),
                trusted,
                handler,
                this::now,
                Clock.fixed(NOW, ZoneOffset.UTC)));
  }

  static EdgeStage plain() throws IOException {
    return plain(limits -> limits, true);
  }

  static EdgeStage plain(UnaryOperator<EdgeLimits> change, boolean trusted) throws IOException {
    return plain(change, _ -> trusted);
  }

  static EdgeStage plain(UnaryOperator<EdgeLimits> change, Predicate<InetAddress> trusted)
      throws IOException {
    return new EdgeStage(change, trusted, null);
  }

  static EdgeStage tls(Path directory) throws IOException, GeneralSecurityException {
    return tls(directory, limits -> limits, true);
  }

  static EdgeStage tls(Path directory, UnaryOperator<EdgeLimits> change, boolean trusted)
      throws IOException, GeneralSecurityException {
    return with(
        new EdgeTls(
            Certificates.serving(Certificates.selfSigned(directory, "edge")),
            EdgeTls.Clients.NOT_ASKED),
        change,
        trusted);
  }

  static EdgeStage with(EdgeTls tls) throws IOException {
    return with(tls, limits -> limits, true);
  }

  static EdgeStage with(EdgeTls tls, UnaryOperator<EdgeLimits> change, boolean trusted)
      throws IOException {
    return new EdgeStage(change, _ -> trusted, tls);
  }

  /// A short sweep interval, so that a test need not wait after it has moved the clock.
  private static EdgeLimits quick(EdgeLimits shipped) {
    return new ChangedLimits(shipped).sweepInterval(Duration.ofMillis(5)).limits();
  }

  int port() {
    return server.port();
  }

  EdgeServer server() {
    return server;
  }

  void passes(Duration time) {
    nanos.addAndGet(time.toNanos());
  }

  /// Moves the clock and waits until every event loop has seen the new time.
  void advance(Duration time) {
    passes(time);
    long now = nanos.get();
    // This thread has started the server.
    seen.remove(Thread.currentThread());
    Await.until(
        "the time is seen",
        Duration.ofSeconds(30),
        () -> seen.values().stream().allMatch(last -> last >= now));
  }

  private long now() {
    long now = nanos.get();
    seen.put(Thread.currentThread(), now);
    return now;
  }

  @Override
  public void close() {
    server.close();
    loops.close();
  }

  private final class Listening implements EdgeListener {
    @Override
    public void limit(Limit limit, String peer) {
      events.add(limit.label());
    }

    @Override
    public void tlsOnPlain(String peer) {
      events.add("tlsOnPlain " + peer);
    }

    @Override
    public void plainOnTls(String peer) {
      events.add("plainOnTls " + peer);
    }

    @Override
    public void certificateRefused(String peer, String alert) {
      events.add("certificateRefused " + alert);
    }

    @Override
    public void clientCertificateRefused(String peer, String reason) {
      events.add("clientCertificateRefused");
    }

    @Override
    public void acceptFailed(String reason) {
      events.add("acceptFailed");
    }
  }
}
