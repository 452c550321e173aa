package dev.postern;

import dev.postern.config.EntryPointsConfig.AdminEntryPoint;
import dev.postern.config.EntryPointsConfig.AuthEntryPoint;
import dev.postern.config.EntryPointsConfig.AuthsEntryPoint;
import dev.postern.config.EntryPointsConfig.ForwardedHeaders;
import dev.postern.config.EntryPointsConfig.LifeCycle;
import dev.postern.config.ListenAddress;
import dev.postern.config.StaticConfig;
import dev.postern.feeds.WebsocketFeed;
import dev.postern.http.TrustedPeers;
import dev.postern.routing.Routes;
import dev.postern.server.AdminAccess;
import dev.postern.server.AdminHandler;
import dev.postern.server.AuthHandler;
import dev.postern.server.Drain;
import dev.postern.server.EntryPoint;
import dev.postern.server.MetricsHandler;
import dev.postern.server.ServerTls;
import dev.postern.server.limit.LoginLimit;
import dev.postern.server.report.Reporting;
import dev.postern.upstream.Admission;
import dev.postern.upstream.IoWorker;
import dev.postern.upstream.JwtReader;
import dev.postern.upstream.OutpostClient;
import dev.postern.upstream.Presets;
import dev.postern.upstream.UpstreamConnections;
import dev.postern.upstream.UpstreamTlsContext;
import dev.postern.verdict.InFlightBudget;
import dev.postern.verdict.Preset;
import dev.postern.verdict.VerdictCache;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running Postern: everything that the configuration asks for, put together.
public final class Sidecar implements ServeCommand.Running {
  private static final Logger LOG = LoggerFactory.getLogger(Sidecar.class);

  private static final Duration ADMIN_GRACE = Duration.ofSeconds(1);

  /// How often the files of a given certificate are looked at.
  private static final long LOOK_SECONDS = 2;

  private record Open(String name, EntryPoint entryPoint, Drain drain, LifeCycle lifeCycle) {}

  private final StaticConfig config;
  private final LongSupplier ticker = System::nanoTime;
  private final Clock clock = Clock.systemUTC();
  private final IoWorker io;
  private final Measuring measuring;
  private final ScheduledExecutorService maintenance =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("postern-maintenance").factory());
  private final VerdictCache cache;
  private final Feeds feeds;
  private final Routes routes;
  private final Providers providers;
  private final Reports reports;
  private final Reloads reloads = new Reloads();
  private final List<Open> open = new ArrayList<>();
  private final AtomicBoolean ready = new AtomicBoolean();
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CountDownLatch stopped = new CountDownLatch(1);

  private Sidecar(StaticConfig config) throws IOException {
    this.config = config;
    measuring = new Measuring(config, clock);
    io = IoWorker.start();
    Preset preset = Presets.of(config.upstream().preset());
    UpstreamConnections connections =
        new UpstreamConnections(
            config.upstream().url(), UpstreamTlsContext.of(config.upstream()), io);
    Admission admission =
        new Admission(config.upstream().maxConcurrent(), config.upstream().maxQueued());
    InFlightBudget budget = new InFlightBudget(config.upstream().maxInFlightSize().bytes());
    OutpostClient client =
        OutpostClient.of(
            new OutpostClient.Parts(connections, admission, budget, io, ticker),
            preset,
            config.upstream().timeout());
    cache =
        new VerdictCache(
            config.cache(),
            preset,
            new VerdictCache.Surroundings(
                client,
                new JwtReader(),
                ticker,
                clock,
                maintenance,
                budget,
                new VerdictLog(measuring.meters(), ticker)));
    measuring.bounds(cache, budget, admission);
    feeds =
        Feeds.start(
            config.feeds(),
            new WebsocketFeed.Parts(
                cache.revocations(), measuring.meters()::feed, maintenance, clock, ticker));
    routes =
        new Routes(
            config.cache().ttl(),
            clock,
            measuring.routesListener(new RoutesLog(cache.revocations())));
    providers =
        Providers.start(
            config.providers(),
            new Providers.Parts(routes, config.cache().ttl(), System.getenv(), ticker));
    reloads.add("routers and applications", providers::reload);
    reports = new Reports(config, preset, measuring, new RouteFinder(routes), clock, ticker);
    measuring.lostLines(reports::lostLines);
    openEntryPoints(
        new AuthHandler.Parts(
            preset,
            routes::table,
            cache,
            connections,
            admission,
            budget,
            new LoginLimit(config.loginLimit(), ticker, measuring.meters()::loginLimited),
            io,
            config.upstream().timeout(),
            ticker));
  }

  /// Starts Postern.
  ///
  /// @param config the static configuration
  /// @return the running program
  /// @throws StartException if something that the configuration asks for cannot be had
  public static Sidecar start(StaticConfig config) throws StartException {
    try {
      Sidecar sidecar = new Sidecar(config);
      sidecar.ready.set(true);
      sidecar.announce();
      return sidecar;
    } catch (IOException e) {
      throw new StartException(String.valueOf(e.getMessage()), e);
    }
  }

  private void openEntryPoints(AuthHandler.Parts parts) throws IOException {
    AuthEntryPoint auth = config.entryPoints().auth();
    if (auth != null) {
      Drain drain = drain("auth", parts, auth.forwardedHeaders());
      EntryPoint entryPoint =
          listen("auth", auth.address(), address -> EntryPoint.openPlain(address, io, drain));
      open.add(new Open("auth", entryPoint, drain, auth.lifeCycle()));
    }
    AuthsEntryPoint auths = config.entryPoints().auths();
    if (auths != null) {
      ServerTls tls = ServerTls.of(auths.tls(), config.stateDirectory(), clock);
      ScheduledFuture<?> _ =
          maintenance.scheduleWithFixedDelay(
              tls::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
      measuring.certificate("auths", tls::certificate);
      reloads.add("certificate of auths", tls::look);
      Drain drain = drain("auths", parts, auths.forwardedHeaders());
      EntryPoint entryPoint =
          listen(
              "auths",
              auths.address(),
              address -> EntryPoint.openTls(address, io, tls.context(), drain));
      open.add(new Open("auths", entryPoint, drain, auths.lifeCycle()));
    }
    AdminEntryPoint admin = config.entryPoints().admin();
    Drain drain =
        new Drain(
            Reporting.ofInternals(
                reports.internals(),
                "admin",
                new MetricsHandler(measuring.printer("admin"), adminHandler(admin))));
    EntryPoint entryPoint =
        listen("admin", admin.address(), address -> EntryPoint.openPlain(address, io, drain));
    open.add(new Open("admin", entryPoint, drain, new LifeCycle(Duration.ZERO, ADMIN_GRACE)));
  }

  private Drain drain(String name, AuthHandler.Parts parts, ForwardedHeaders forwarded) {
    TrustedPeers trusted =
        forwarded.trustedIPs().isEmpty()
            ? TrustedPeers.loopbackAndPrivate()
            : TrustedPeers.of(forwarded.trustedIPs());
    MetricsHandler handler =
        new MetricsHandler(measuring.printer(name), new AuthHandler(parts, trusted));
    return new Drain(Reporting.of(reports.parts(), name, trusted, handler));
  }

  private static boolean isLoopback(AdminEntryPoint admin) {
    String host = admin.address().host();
    try {
      return !host.isEmpty() && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private AdminHandler adminHandler(AdminEntryPoint admin) {
    return new AdminHandler(
        new AdminHandler.Parts(
            ready::get, views(), cache.revocations(), host -> routes.table().sharedAt(host)),
        new AdminAccess(isLoopback(admin), config.admin().token()));
  }

  private interface Opener {
    EntryPoint open(ListenAddress address) throws IOException;
  }

  private EntryPoint listen(String name, ListenAddress address, Opener opener) throws IOException {
    try {
      EntryPoint entryPoint = opener.open(address);
      measuring.connections(name, entryPoint::openConnections);
      return entryPoint;
    } catch (IOException e) {
      throw new IOException(
          "entryPoints." + name + ".address " + address + " cannot be opened: " + e.getMessage(),
          e);
    }
  }

  private Map<String, Supplier<?>> views() {
    RouteViews views = new RouteViews(routes, config.cache().ttl());
    return Map.of(
        "/api/overview", () -> overview(views),
        "/api/entries", () -> AdminViews.entries(cache, config.cache().maxSize().bytes()),
        "/api/feeds", feeds::rows,
        "/api/config", () -> AdminViews.config(config),
        "/api/applications", () -> views.applications(name -> 0),
        "/api/routers", () -> views.routers(name -> 0));
  }

  private Map<String, Object> overview(RouteViews views) {
    Map<String, Object> entryPoints = new LinkedHashMap<>();
    open.forEach(one -> entryPoints.put(one.name(), one.entryPoint().port()));
    Map<String, Object> overview = new LinkedHashMap<>();
    overview.put("version", Version.number());
    overview.put("ready", ready.get());
    overview.put("upstream", config.upstream().url().toString());
    overview.put("entryPoints", entryPoints);
    overview.put("entries", cache.entryCount());
    overview.put("entryBytes", cache.entryBytes());
    overview.put("providers", views.providers());
    return overview;
  }

  private void announce() {
    AuthEntryPoint auth = config.entryPoints().auth();
    AuthsEntryPoint auths = config.entryPoints().auths();
    if ((auth != null && auth.forwardedHeaders().trustedIPs().isEmpty())
        || (auths != null && auths.forwardedHeaders().trustedIPs().isEmpty())) {
      LOG.info(
          "Every peer on loopback and in private ranges may ask for verdicts; name Traefik's"
              + " address in forwardedHeaders.trustedIPs to narrow that");
    }
    if (!isLoopback(config.entryPoints().admin()) && config.admin().token() == null) {
      LOG.warn(
          "The admin API answers 403: its entry point is not loopback and admin.token is not set");
    }
    open.forEach(one ->
        LOG.atInfo()
            .addKeyValue("entryPoint", one.name())
            .addKeyValue("port", one.entryPoint().port())
            .log("Listening"));
  }

  /// The port of the plain entry point.
  ///
  /// @return the port that is really bound
  public int authPort() {
    return port("auth");
  }

  /// The port of the TLS entry point.
  ///
  /// @return the port that is really bound
  public int authsPort() {
    return port("auths");
  }

  /// The port of the admin entry point.
  ///
  /// @return the port that is really bound
  public int adminPort() {
    return port("admin");
  }

  private int port(String name) {
    return open.stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(name + " is not open"))
        .entryPoint()
        .port();
  }

  @Override
  public Reloads reloads() {
    return reloads;
  }

  /// Waits until the program has stopped.
  ///
  /// @throws InterruptedException if the waiting thread is interrupted
  @Override
  public void awaitStop() throws InterruptedException {
    stopped.await();
  }

  @Override
  public void reopenLogs() {
    reports.reopen();
  }

  /// Stops, losing nothing: says that it goes away, still accepts for the configured time, then
  /// accepts no more and lets requests finish.
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    ready.set(false);
    LOG.info("Stopping");
    open.forEach(one -> one.drain().begin());
    try {
      drainAll();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.forEach(one -> one.entryPoint().close());
      feeds.close();
      providers.close();
      io.close();
      reports.close();
      maintenance.shutdownNow();
      measuring.close();
      stopped.countDown();
    }
  }

  private void drainAll() throws InterruptedException {
    Duration accepting =
        longest(open.stream().map(one -> one.lifeCycle().requestAcceptGraceTimeout()).toList());
    Duration finishing = longest(open.stream().map(one -> one.lifeCycle().graceTimeOut()).toList());
    // Nothing ends this wait early; it is the time in which others learn that this one goes away.
    stopped.await(accepting.toNanos(), TimeUnit.NANOSECONDS);
    long end = ticker.getAsLong() + finishing.toNanos();
    for (Open one : open) {
      if (!one.name().equals("admin")) {
        one.entryPoint().stopAccepting();
      }
    }
    for (Open one : open) {
      if (!one.drain().await(Duration.ofNanos(Math.max(1, end - ticker.getAsLong())))) {
        LOG.atWarn()
            .addKeyValue("entryPoint", one.name())
            .log("Requests were still being answered when graceTimeOut ended");
      }
    }
  }

  private static Duration longest(List<Duration> durations) {
    return durations.stream().max(Duration::compareTo).orElse(Duration.ZERO);
  }
}
