package dev.postern.app;

import dev.postern.config.EntryPointsConfig.AdminEntryPoint;
import dev.postern.config.EntryPointsConfig.AuthEntryPoint;
import dev.postern.config.EntryPointsConfig.AuthsEntryPoint;
import dev.postern.config.EntryPointsConfig.ForwardedHeaders;
import dev.postern.config.EntryPointsConfig.LifeCycle;
import dev.postern.config.ListenAddress;
import dev.postern.config.StaticConfig;
import dev.postern.feeds.WebsocketFeed;
import dev.postern.net.LoopGuard;
import dev.postern.net.TrustedPeers;
import dev.postern.routing.Routes;
import dev.postern.routing.pluginoptions.ForwardOptionsReader.Known;
import dev.postern.server.AuthHandlers;
import dev.postern.server.AuthServices;
import dev.postern.server.Drain;
import dev.postern.server.ExchangeHandler;
import dev.postern.server.admin.AdminAccess;
import dev.postern.server.admin.AdminHandler;
import dev.postern.server.admin.AdminServer;
import dev.postern.server.edge.EdgeLimits;
import dev.postern.server.edge.EdgeServer;
import dev.postern.server.edge.EdgeTls;
import dev.postern.server.edge.MemoryBudget;
import dev.postern.server.limit.Clients;
import dev.postern.server.limit.LoginLimit;
import dev.postern.server.observe.PeerNotices;
import dev.postern.server.observe.Reporting;
import dev.postern.server.tls.ServerTls;
import dev.postern.upstream.Admission;
import dev.postern.upstream.EventLoops;
import dev.postern.upstream.JwtReader;
import dev.postern.upstream.OutpostClient;
import dev.postern.upstream.Presets;
import dev.postern.upstream.UpstreamClient;
import dev.postern.upstream.probe.HostNotices;
import dev.postern.upstream.probe.UpstreamProbe;
import dev.postern.upstream.probe.UpstreamWatch;
import dev.postern.verdict.InFlightBudget;
import dev.postern.verdict.Preset;
import dev.postern.verdict.VerdictCache;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running Postern: creates and connects all components that are configured.
public final class Sidecar implements Running {
  private static final Logger LOG = LoggerFactory.getLogger(Sidecar.class);

  private static final Duration ADMIN_GRACE = Duration.ofSeconds(1);

  /// Interval of checks for changed certificate files.
  private static final long LOOK_SECONDS = 2;

  /// Delay of the cache's maintenance. If the cache's buffer fills up before, the storing thread
  /// evicts.
  private static final long CACHE_MAINTENANCE_MILLIS = 10;

  private final StaticConfig config;
  private final LongSupplier ticker = System::nanoTime;
  private final Clock clock = Clock.systemUTC();
  private final EventLoops loops = EventLoops.start();
  private final EdgeLimits edgeLimits = EdgeLimits.forHeap(Runtime.getRuntime().maxMemory());
  private final MemoryBudget edgeBudget = new MemoryBudget(edgeLimits);
  private final Measuring measuring;
  private final ScheduledExecutorService maintenance =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("postern-maintenance").factory());
  private final UpstreamWatch upstreamWatch;
  private final VerdictCache cache;
  private final Feeds feeds;
  private final Routes routes;
  private final Providers providers;
  private final Reports reports;
  private final Reloads reloads = new Reloads();
  private final EntryPoints entryPoints;
  private final AtomicBoolean ready = new AtomicBoolean();
  private final AtomicBoolean closing = new AtomicBoolean();
  private final CountDownLatch stopped = new CountDownLatch(1);

  private Sidecar(StaticConfig config) throws IOException {
    this.config = config;
    measuring = new Measuring(config, clock);
    Preset preset = Presets.of(config.upstream().preset());
    LoopGuard loopGuard = LoopGuard.of(new SecureRandom());
    UpstreamClient upstream = UpstreamClient.of(config.upstream(), loopGuard);
    Admission admission =
        new Admission(config.upstream().maxConcurrent(), config.upstream().maxQueued());
    InFlightBudget budget = new InFlightBudget(config.upstream().maxInFlightSize().bytes());
    OutpostClient client =
        OutpostClient.of(
            new OutpostClient.Resources(upstream, admission, budget, loops, ticker),
            preset,
            config.upstream().timeout());
    upstreamWatch =
        new UpstreamWatch(
            config.upstream().url(),
            UpstreamProbe.of(upstream, loops, config.upstream(), preset.healthPath()));
    cache =
        new VerdictCache(
            config.cache(),
            preset,
            new VerdictCache.Collaborators(
                new HostNotices(client),
                new JwtReader(),
                ticker,
                clock,
                new BatchingExecutor(maintenance, CACHE_MAINTENANCE_MILLIS),
                budget,
                new VerdictLog(measuring.meters(), upstreamWatch::look, ticker)));
    measuring.addLimitGauges(cache, budget, admission);
    feeds =
        Feeds.start(
            config.feeds(),
            new WebsocketFeed.Setup(
                cache.revocations(), measuring.meters()::feed, clock, ticker, loops.group()));
    routes =
        new Routes(
            config.cache().ttl(),
            clock,
            measuring.routesListener(new RouteChangeRevocation(cache.revocations())));
    providers =
        Providers.start(
            config.providers(),
            new Providers.Parts(
                routes,
                new Known(config.cache().ttl(), config.upstream()),
                System.getenv(),
                ticker));
    reloads.add("routers and applications", providers::reload);
    reports = new Reports(config, preset, measuring, new RouteFinder(routes), clock, ticker);
    measuring.lostLines(reports::lostLines);
    entryPoints = new EntryPoints(measuring, ticker);
    Clients clients = new Clients(config.loginLimit().sourceCriterion());
    openEntryPoints(
        new AuthServices(
            preset,
            routes::table,
            cache,
            new AuthServices.Upstream(upstream, config.upstream(), budget),
            new LoginLimit(config.loginLimit(), clients, ticker, measuring.meters()::loginLimited),
            clients,
            loopGuard,
            config.response().cacheStatusToClients(),
            Thread::startVirtualThread,
            ticker));
  }

  /// Starts Postern.
  ///
  /// @throws StartException if something configured is unavailable, such as an address or a file
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

  private void openEntryPoints(AuthServices parts) throws IOException {
    AuthHandlers handlers = new AuthHandlers(parts);
    AuthEntryPoint auth = config.entryPoints().auth();
    if (auth != null) {
      openAuth("auth", auth.address(), auth.lifeCycle(), auth.forwardedHeaders(), null, handlers);
    }
    AuthsEntryPoint auths = config.entryPoints().auths();
    if (auths != null) {
      ServerTls tls = ServerTls.of(auths.tls(), config.stateDirectory(), clock);
      ScheduledFuture<?> _ =
          maintenance.scheduleWithFixedDelay(
              tls::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
      measuring.certificate("auths", tls::certificate);
      reloads.add("certificate of auths", tls::reload);
      openAuth(
          "auths",
          auths.address(),
          auths.lifeCycle(),
          auths.forwardedHeaders(),
          EdgeTls.of(tls.context(), auths.tls().clientAuth().clientAuthType()),
          handlers);
    }
    openAdmin(config.entryPoints().admin());
  }

  private void openAuth(
      String name,
      ListenAddress address,
      LifeCycle lifeCycle,
      ForwardedHeaders forwarded,
      @Nullable EdgeTls tls,
      AuthHandlers handlers)
      throws IOException {
    TrustedPeers trusted = trusted(forwarded);
    PeerNotices notices = new PeerNotices(name);
    Drain drain = new Drain();
    ExchangeHandler handler =
        handlers.of(
            new AuthHandlers.OfEntryPoint(
                drain,
                trusted,
                notices,
                Reporting.of(reports.parts(), name, trusted),
                measuring.printer(name),
                isLoopback(address)));
    entryPoints.open(
        name,
        address,
        drain,
        lifeCycle,
        socket ->
            EdgeServer.open(
                socket(socket),
                tls,
                new EdgeServer.Setup(
                    loops,
                    edgeLimits,
                    edgeBudget,
                    new EdgeWatch(name, notices, measuring.limits(name), ticker),
                    trusted::contains,
                    handler,
                    ticker,
                    clock)));
  }

  private static InetSocketAddress socket(ListenAddress address) throws IOException {
    return address.host().isEmpty()
        ? new InetSocketAddress(address.port())
        : new InetSocketAddress(InetAddress.getByName(address.host()), address.port());
  }

  private static TrustedPeers trusted(ForwardedHeaders forwarded) {
    return forwarded.trustedIPs().isEmpty()
        ? TrustedPeers.loopbackAndPrivate()
        : TrustedPeers.of(forwarded.trustedIPs());
  }

  private void openAdmin(AdminEntryPoint admin) throws IOException {
    Drain drain = new Drain();
    Reporting.Sources internals = reports.internals();
    AdminServer.Handlers parts =
        new AdminServer.Handlers(
            drain,
            internals == null ? null : Reporting.ofInternals(internals, "admin"),
            measuring.printer("admin"),
            isLoopback(admin.address()),
            adminHandler(admin));
    entryPoints.open(
        "admin",
        admin.address(),
        drain,
        new LifeCycle(Duration.ZERO, ADMIN_GRACE),
        address -> AdminServer.open(address, parts));
  }

  private static boolean isLoopback(ListenAddress address) {
    String host = address.host();
    try {
      return !host.isEmpty() && InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  private AdminHandler adminHandler(AdminEntryPoint admin) {
    return new AdminHandler(
        new AdminHandler.Views(
            ready::get, views(), cache.revocations(), host -> routes.table().sharedAt(host)),
        new AdminAccess(isLoopback(admin.address()), config.admin().token()));
  }

  private Map<String, Supplier<?>> views() {
    RouteViews views = new RouteViews(routes, config.cache().ttl());
    return Map.of(
        "/api/overview", () -> overview(views),
        "/api/entries", () -> AdminViews.entries(cache, config.cache().maxSize().bytes()),
        "/api/feeds", feeds::rows,
        "/api/config", () -> AdminViews.config(config),
        "/api/applications", () -> views.applications(measuring.meters()::requestsOfApplication),
        "/api/routers", () -> views.routers(measuring.meters()::requestsByRouter));
  }

  private Map<String, Object> overview(RouteViews views) {
    Map<String, Object> overview = new LinkedHashMap<>();
    overview.put("version", Version.number());
    overview.put("ready", ready.get());
    overview.put("upstream", config.upstream().url().toString());
    overview.put("entryPoints", entryPoints.ports());
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
          "Every peer on loopback and in private ranges may request verdicts; list only Traefik's"
              + " address in forwardedHeaders.trustedIPs to restrict this");
    }
    if (!isLoopback(config.entryPoints().admin().address()) && config.admin().token() == null) {
      LOG.warn(
          "The admin API responds 403: its entry point is not loopback and admin.token is not set");
    }
    entryPoints.announce();
  }

  /// The bound port of the plain entry point.
  public int authPort() {
    return entryPoints.port("auth");
  }

  /// The bound port of the TLS entry point.
  public int authsPort() {
    return entryPoints.port("auths");
  }

  /// The bound port of the admin entry point.
  public int adminPort() {
    return entryPoints.port("admin");
  }

  @Override
  public void watchUpstream() {
    upstreamWatch.look();
  }

  @Override
  public Reloads reloads() {
    return reloads;
  }

  @Override
  public void awaitStop() throws InterruptedException {
    stopped.await();
  }

  @Override
  public void reopenLogs() {
    reports.reopen();
  }

  /// Stops without losing requests: announces the shutdown, still accepts for the configured time,
  /// then waits for requests in flight.
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    ready.set(false);
    LOG.info("Stopping");
    try {
      entryPoints.drain();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      entryPoints.close();
      upstreamWatch.close();
      feeds.close();
      providers.close();
      loops.close();
      reports.close();
      maintenance.shutdownNow();
      measuring.close();
      stopped.countDown();
    }
  }
}
