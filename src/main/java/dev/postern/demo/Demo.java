package dev.postern.demo;

import dev.postern.demo.front.ForwardAuth;
import dev.postern.demo.front.FrontProxy;
import dev.postern.demo.front.Site;
import dev.postern.demo.http.HttpClient;
import dev.postern.demo.http.HttpHandler;
import dev.postern.demo.http.HttpRequest;
import dev.postern.demo.http.HttpServer;
import dev.postern.demo.http.Reply;
import dev.postern.demo.idp.DemoIdentityProvider;
import dev.postern.demo.page.Photos;
import dev.postern.demo.page.Places;
import dev.postern.demo.page.UnknownHost;
import dev.postern.demo.page.Welcome;
import dev.postern.demo.page.Whoami;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The whole demo: identity provider, pages and front proxy, everything but Postern itself.
///
/// The caller provides the address of Postern with a function, which can start Postern once the
/// identity provider runs. The identity provider's own address means a demo without Postern.
public final class Demo implements AutoCloseable {
  /// The domain of all hosts of the demo; browsers resolve it to this machine.
  public static final String DOMAIN = "postern.localhost";

  private final DemoIdentityProvider identityProvider;
  private final HttpClient core;
  private final Map<String, HttpHandler> services;
  private final HttpServer servicesServer;
  private final int port;
  private final Optional<FrontProxy> front;
  private final Places places;

  private Demo(Options options) {
    this.port = options.port() == 0 ? freePort() : options.port();
    DemoDomain domain = new DemoDomain(URI.create("http://auth." + DOMAIN + ":" + port));
    this.places =
        new Places(
            "http://" + domain.authority(),
            domain.url("photos"),
            domain.url("photos-direct"),
            domain.url("whoami"),
            domain.url("vault"));
    this.identityProvider = domain.identityProvider().start();
    identityProvider.faults().delay(options.checkDelay());
    this.core = new HttpClient(identityProvider.address(), Duration.ofSeconds(30));
    this.services = services(options);
    this.servicesServer = HttpServer.start(0, this::serve, Clock.systemUTC());
    try {
      InetSocketAddress postern = options.postern().apply(identityProvider);
      this.front =
          options.ownFront()
              ? Optional.of(FrontProxy.start(port, sites(postern), new UnknownHost(places)))
              : Optional.empty();
    } catch (RuntimeException e) {
      closeAllButFront();
      throw e;
    }
  }

  /// The options.
  ///
  /// @param port the front proxy's port, 0 for a free one
  /// @param checkDelay how long the identity provider takes for each request to the outpost
  /// @param ownFront whether the built-in front proxy listens on the port; otherwise the port is
  ///   left to a real proxy
  /// @param postern returns the address of Postern; called once the identity provider runs
  public record Options(
      int port,
      Duration checkDelay,
      boolean ownFront,
      Function<DemoIdentityProvider, InetSocketAddress> postern) {
    /// A demo without Postern, in which both photo pages cost a check for each request.
    ///
    /// @param port the front proxy's port, 0 for a free one
    public static Options withoutPostern(int port) {
      return new Options(port, Duration.ofMillis(15), true, DemoIdentityProvider::address);
    }
  }

  /// Starts the demo.
  ///
  /// @param options what was chosen
  /// @return the running demo, to be closed
  /// @throws java.io.UncheckedIOException if the port is taken
  public static Demo start(Options options) {
    return new Demo(options);
  }

  /// The port is part of every external host, so it must be known before the front proxy starts.
  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, HttpHandler> services(Options options) {
    String catchAll = "This host belongs to the catch-all application, like the photos.";
    String individual = "This host is an application of its own with a second factor.";
    List<String> credentials =
        DemoDomain.users().stream().map(user -> user.username() + " / " + user.password()).toList();
    return Map.of(
        DOMAIN,
        new Welcome(places, credentials, options.checkDelay().toMillis()),
        "auth." + DOMAIN,
        this::askCore,
        "photos." + DOMAIN,
        photos(true, options.checkDelay().toMillis()),
        "photos-direct." + DOMAIN,
        photos(false, options.checkDelay().toMillis()),
        "whoami." + DOMAIN,
        new Whoami("Who am I", catchAll, places.whoami(), places),
        "vault." + DOMAIN,
        new Whoami("The vault", individual, places.vault(), places));
  }

  private List<Site> sites(InetSocketAddress postern) {
    ForwardAuth direct = ForwardAuth.authentik(identityProvider.address());
    ForwardAuth through = ForwardAuth.authentik(postern);
    List<Site> sites = new ArrayList<>();
    services.forEach((host, service) -> {
      switch (host.substring(0, host.length() - DOMAIN.length())) {
        case "" -> sites.add(Site.open(host, service));
        case "auth." -> sites.add(new Site(host, service, Optional.empty(), Optional.of(postern)));
        case "photos-direct." -> sites.add(Site.guarded(host, service, direct));
        default -> sites.add(Site.guarded(host, service, through));
      }
    });
    return sites;
  }

  private Reply serve(HttpRequest request) throws InterruptedException {
    String host = request.header("Host").replaceFirst(":[0-9]+$", "").toLowerCase(Locale.ROOT);
    HttpHandler service = services.get(host);
    return service == null ? new UnknownHost(places).handle(request) : service.handle(request);
  }

  private Photos photos(boolean through, long delayMillis) {
    return new Photos(
        through, places, delayMillis, identityProvider.journal()::identityChecks, System::nanoTime);
  }

  private Reply askCore(HttpRequest request) {
    if (request.path().equals("/")) {
      return Reply.Response.redirect(places.home() + "/");
    }
    try {
      Reply.Response response = core.send(request);
      return new Reply.Response(
          response.status(),
          response.headers().stream()
              .filter(h -> !h.is("Date") && !h.is("Content-Length") && !h.is("Connection"))
              .toList(),
          response.body());
    } catch (IOException e) {
      return Reply.Response.text(502, "text/plain; charset=utf-8", "Bad Gateway");
    }
  }

  /// The identity provider.
  ///
  /// @return its knobs, journal and addresses
  public DemoIdentityProvider identityProvider() {
    return identityProvider;
  }

  /// The address that browsers connect to: the front proxy's, or the one left to a real proxy.
  ///
  /// @return 127.0.0.1 and the port
  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /// The address of the pages themselves, by `Host`, for a real proxy in front. No authentication.
  ///
  /// @return 127.0.0.1 and the port
  public InetSocketAddress servicesAddress() {
    return servicesServer.address();
  }

  /// The URLs of the demo.
  ///
  /// @return the places to go
  public Places places() {
    return places;
  }

  @Override
  public void close() {
    front.ifPresent(FrontProxy::close);
    closeAllButFront();
  }

  private void closeAllButFront() {
    servicesServer.close();
    core.close();
    identityProvider.close();
  }
}
