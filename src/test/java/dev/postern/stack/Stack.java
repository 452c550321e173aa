package dev.postern.stack;

import dev.postern.demo.idp.DemoIdentityProvider;
import dev.postern.testing.AccessLogs;
import dev.postern.testing.Await;
import dev.postern.testing.Certificates;
import dev.postern.testing.RawHttp;
import dev.postern.testing.program.FreePorts;
import dev.postern.testing.program.PosternProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;

/// The stack on this machine: the demo identity provider, fake applications, Postern as a process
/// and real Traefik, all with the shipped files.
///
/// 127.0.2.0/24 stands for the CDN in `trustedIPs`; every other address is "outside".
final class Stack implements AutoCloseable {
  static final String DOMAIN = "domain.test";

  /// Services with their own router, each with a fake application.
  private static final List<String> SITES =
      List.of("whoami", "whoami-individual", "whoami-catch-all", "grafana", "prometheus");

  /// Basic authentication of the dashboard: `postern` with the password `test`.
  private static final String DASHBOARD_USER = "postern:{SHA}qUqP5cyxm6YcTAhz05Hph5gvu9M=";

  private static final String ADMIN_TOKEN = "admin-token";
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final Path directory;
  private final Certificates.Pair certificate;
  private final StackTraefik.Ports ports = StackTraefik.Ports.of(FreePorts.find(4));
  private final int authsPort = FreePorts.find(1).getFirst();

  /// Everything started, newest first, to be closed in this order.
  private final Deque<AutoCloseable> running = new ArrayDeque<>();

  private final List<Site.ReceivedRequest> seen = new CopyOnWriteArrayList<>();
  private final Map<String, Site> sites = new TreeMap<>();
  private final DemoIdentityProvider provider;
  private final SocketProxy socketProxy;
  private final PosternProcess postern;
  private final StackTraefik traefik;

  /// Starts everything.
  ///
  /// @param directory an empty directory
  Stack(Path directory) throws IOException, GeneralSecurityException {
    this.directory = directory;
    certificate = Certificates.selfSigned(directory, DOMAIN, "dns:" + DOMAIN + ",dns:*." + DOMAIN);
    try {
      for (String name : SITES) {
        sites.put(name, started(new Site(name, null, seen::add)));
      }
      Certificates.Pair own = Certificates.selfSigned(directory, "csf", "dns:localhost");
      SSLContext tls = Certificates.serving(own);
      sites.put("csf", started(new Site("ConfigServer Firewall", tls, seen::add)));
      provider = started(People.identityProvider());
      socketProxy = started(new SocketProxy(ComposeFiles.services(DOMAIN), this::portOf));
      postern = started(startPostern());
      traefik = started(startTraefik("traefik", ports, _ -> {}, _ -> {}));
      Await.until("Postern knows the labels' routers", LIMIT, this::knowsLabels);
    } catch (IOException | GeneralSecurityException | RuntimeException | AssertionError e) {
      close();
      throw e;
    }
  }

  private boolean knowsLabels() throws IOException {
    String request =
        RawHttp.get(
            "/api/routers",
            "Host: localhost",
            "Authorization: Bearer " + ADMIN_TOKEN,
            "Connection: close");
    return postern.admin(request).body().contains("whoami-individual@docker");
  }

  private <T extends AutoCloseable> T started(T part) {
    running.push(part);
    return part;
  }

  static String host(String name) {
    return name + "." + DOMAIN;
  }

  private int portOf(String service) {
    return service.equals("authentik-server") ? provider.address().getPort() : site(service).port();
  }

  private PosternProcess startPostern() throws IOException {
    Path home = Files.createDirectories(directory.resolve("postern"));
    Path token = Files.writeString(home.resolve("token"), ADMIN_TOKEN);
    Path config =
        Shipped.file(Shipped.COMPOSE.resolve("postern/postern.yml"))
            .with("172.31.250.2/32", "127.0.0.1/32")
            .with("\":9443\"", "\"127.0.0.1:" + authsPort + "\"")
            .with("domains: [postern]", "domains: [\"127.0.0.1\"]")
            .with("directory: /rules", "directory: " + Shipped.RULES.toAbsolutePath())
            .with("http://172.31.250.2:8080", "http://127.0.0.1:" + ports.internal())
            .with("/run/secrets/postern_admin_token", token)
            .writeTo(home);
    return PosternProcess.startWith(
        Map.of("DOMAIN", DOMAIN),
        home,
        URI.create("http://127.0.0.1:" + provider.address().getPort()),
        "--configFile=" + config,
        "--providers.traefik.pollInterval=1s",
        "--accessLog.filePath=" + accessLog());
  }

  /// The port of Postern's entry point `auths`.
  int authsPort() {
    return authsPort;
  }

  /// Postern's access log.
  Path accessLog() {
    return directory.resolve("postern").resolve("access.log");
  }

  /// Waits for a line of Postern's access log, which is written after the response.
  ///
  /// @return the fields of the first such line
  Map<String, Object> awaitLogged(Predicate<Map<String, Object>> line) {
    AtomicReference<Map<String, Object>> found = new AtomicReference<>(Map.of());
    Await.until(
        "the line in Postern's access log",
        LIMIT,
        () -> {
          AccessLogs.await(accessLog(), 0).stream()
              .map(AccessLogs::parsed)
              .filter(line)
              .findFirst()
              .ifPresent(found::set);
          return !found.get().isEmpty();
        });
    return found.get();
  }

  /// Starts a further Traefik in front of the same Postern.
  ///
  /// @param name the name of its directory
  /// @param configuration edits the static file
  /// @param change edits the rules, by file name; both already contain the addresses of this
  ///   machine
  StackTraefik traefikWith(
      String name, Consumer<Shipped> configuration, Consumer<Map<String, Shipped>> change) {
    return startTraefik(name, StackTraefik.Ports.of(FreePorts.find(4)), configuration, change);
  }

  private StackTraefik startTraefik(
      String name,
      StackTraefik.Ports at,
      Consumer<Shipped> configuration,
      Consumer<Map<String, Shipped>> change) {
    try {
      Path home = Files.createDirectories(directory.resolve(name));
      writeRules(home.resolve("rules"), change);
      writeStatic(home, at, configuration);
      return new StackTraefik(home, at, Certificates.trusting(certificate.certificate()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private void writeStatic(Path home, StackTraefik.Ports at, Consumer<Shipped> change) {
    Shipped file =
        Shipped.file(Shipped.COMPOSE.resolve("traefik/traefik.yml"))
            .with("\":80\"", "\"127.0.0.1:" + at.web() + "\"")
            .with("\":443\"", "\"127.0.0.1:" + at.websecure() + "\"")
            .with("\"172.31.250.2:8080\"", "\"127.0.0.1:" + at.internal() + "\"")
            .with("\":8082\"", "\"127.0.0.1:" + at.metrics() + "\"")
            .with("trustedIPs:\n", "trustedIPs:\n        - 127.0.2.0/24\n")
            .with("tcp://socket-proxy:2375", "tcp://127.0.0.1:" + socketProxy.port())
            .with("directory: /rules", "directory: " + home.resolve("rules"))
            .with("/acme/", home + "/")
            .with("/var/log/traefik/", home + "/");
    change.accept(file);
    file.writeTo(home);
  }

  private void writeRules(Path rules, Consumer<Map<String, Shipped>> change) throws IOException {
    Map<String, Shipped> shipped = Shipped.rules();
    String plain = "http://127.0.0.1:" + postern.authPort();
    rule(shipped, "app-authentik-outpost.yml").with("http://postern:9000", plain);
    rule(shipped, "middlewares-authentik.yml").with("http://postern:9000", plain);
    rule(shipped, "forwardAuth-authentik.yml")
        .with("https://postern:9443", "https://127.0.0.1:" + authsPort)
        .with(" /postern/", " " + directory.resolve("postern/state") + "/");
    rule(shipped, "app-csf.yml")
        .with("https://host.docker.internal:6666", "https://127.0.0.1:" + site("csf").port());
    rule(shipped, "app-traefik.yml")
        .with("172.31.250.3/32", "127.0.0.1/32")
        .with("/run/secrets/traefik_users", directory.resolve("traefik_users"));
    Files.writeString(directory.resolve("traefik_users"), DASHBOARD_USER);
    change.accept(shipped);
    shipped.values().forEach(file -> file.writeTo(rules));
    Path cert = Files.writeString(directory.resolve("domain.crt"), certificate.certPem());
    Path key = Files.writeString(directory.resolve("domain.key"), certificate.keyPem());
    Files.writeString(
        rules.resolve("test-certificates.yml"),
        """
        tls:
          certificates:
            - certFile: %s
              keyFile: %s
        """
            .formatted(cert, key));
  }

  /// A file of the rules.
  static Shipped rule(Map<String, Shipped> rules, String file) {
    return Objects.requireNonNull(rules.get(file), file);
  }

  Site site(String name) {
    return Objects.requireNonNull(sites.get(name), name);
  }

  /// All requests that any application received, in order.
  List<Site.ReceivedRequest> seen() {
    return List.copyOf(seen);
  }

  /// The same, starting with the request of that number.
  List<Site.ReceivedRequest> seenSince(int first) {
    return List.copyOf(seen.subList(first, seen.size()));
  }

  /// Signs a user in at a host's application.
  ///
  /// @return the session's cookie as `name=value`
  String signIn(String user, String service) {
    return provider.login(host(service), user, People.password(user));
  }

  DemoIdentityProvider provider() {
    return provider;
  }

  StackTraefik traefik() {
    return traefik;
  }

  Certificates.Pair certificate() {
    return certificate;
  }

  @Override
  public void close() {
    for (AutoCloseable part : running) {
      try {
        part.close();
      } catch (Exception e) {
        throw new IllegalStateException("cannot end " + part, e);
      }
    }
  }
}
