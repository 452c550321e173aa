import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;

/// Makes the AOT cache: runs the image's own launcher, uses the program as Traefik and a browser
/// would, and ends it.
///
/// The JVM writes the cache when it ends. It holds the classes that were loaded and linked, so what
/// is exercised here starts fast later: misses, hits, TLS with HTTP/2, relayed outpost paths, the
/// admin entry point. An answer that is not the expected one fails the build, because the cache
/// would be of little use.
final class Training {
  private static final String CHECK = "/outpost.goauthentik.io/auth/traefik";
  private static final String COOKIE = "authentik_proxy_0a1b2c3d=";
  private static final int SESSIONS = 20;
  private static final int HITS = 2_000;

  private final String auth;
  private final String auths;
  private final String admin;
  private final HttpClient client;

  private Training(int auth, int auths, int admin) throws GeneralSecurityException {
    this.auth = "http://127.0.0.1:" + auth;
    this.auths = "https://127.0.0.1:" + auths;
    this.admin = "http://127.0.0.1:" + admin;
    this.client =
        HttpClient.newBuilder()
            .sslContext(trustingAll())
            .connectTimeout(Duration.ofSeconds(60))
            .build();
  }

  /// Leaves `lib/postern.aot` in the image.
  static void run(Path image) throws Exception {
    // The self-made certificate names no host that this client could check.
    System.setProperty("jdk.internal.httpclient.disableHostnameVerification", "true");
    Path work = Files.createTempDirectory("postern-training");
    Path log = image.resolveSibling("training.log");
    int[] ports = freePorts(3);
    try (FakeOutpost upstream = new FakeOutpost()) {
      Process program = start(image, work, log, ports, upstream.port());
      try {
        new Training(ports[0], ports[1], ports[2]).exercise(program);
        program.destroy();
        if (!program.waitFor(60, TimeUnit.SECONDS)) {
          throw new IllegalStateException("does not end within 60 s of SIGTERM");
        }
      } catch (IOException | IllegalStateException e) {
        System.out.println(Files.readString(log));
        throw new IllegalStateException("the training run failed, see the program's log above", e);
      } finally {
        program.destroyForcibly();
      }
    }
    if (Files.notExists(cache(image))) {
      throw new IllegalStateException("training run left no AOT cache, its log is " + log);
    }
  }

  private static Path cache(Path image) {
    return image.resolve("lib/postern.aot");
  }

  private static Process start(Path image, Path work, Path log, int[] ports, int upstreamPort)
      throws IOException {
    Path configuration = work.resolve("postern.yml");
    Files.writeString(
        configuration,
        """
        upstream:
          url: http://127.0.0.1:%d
          timeout: 10s
        cache:
          ttl: 60s
        """
            .formatted(upstreamPort));
    ProcessBuilder builder =
        new ProcessBuilder(
            image.resolve("bin/postern").toString(),
            "serve",
            "--configFile=" + configuration,
            "--entryPoints.auth.address=127.0.0.1:" + ports[0],
            "--entryPoints.auths.address=127.0.0.1:" + ports[1],
            "--entryPoints.admin.address=127.0.0.1:" + ports[2],
            "--stateDirectory=" + work.resolve("state"));
    // A relative path, because the launcher splits its options at spaces.
    builder.directory(cache(image).getParent().toFile());
    // Without the profiles of methods: with them the JVM compiles at each start what was hot here.
    builder
        .environment()
        .put(
            "POSTERN_JAVA_OPTS",
            "-XX:AOTCacheOutput=postern.aot"
                + " -XX:+UnlockDiagnosticVMOptions -XX:-AOTRecordTraining");
    return builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
  }

  private void exercise(Process program) throws IOException, InterruptedException {
    awaitReady(program);
    for (int i = 0; i < SESSIONS; i++) {
      expect(check(auth, "s" + i), 200, "miss");
      expect(check(auths, "t" + i), 200, "miss");
    }
    for (int i = 0; i < HITS; i++) {
      expect(check(auth, "s" + i % SESSIONS), 200, "hit");
      expect(check(auths, "t" + i % SESSIONS), 200, "hit");
    }
    for (int i = 0; i < SESSIONS; i++) {
      expect(send(forwarded(auth)), 302);
      relay();
    }
    expect(send(get(admin + "/metrics")), 200);
    expect(send(get(admin + "/api/overview")), 200);
    expect(
        send(
            request(admin + "/api/revocations")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"all\":true}"))),
        200);
  }

  private void awaitReady(Process program) throws InterruptedException {
    for (int attempt = 0; attempt < 600; attempt++) {
      if (program.waitFor(50, TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("ended with " + program.exitValue());
      }
      try {
        if (send(get(admin + "/ping")).statusCode() == 200) {
          return;
        }
      } catch (IOException notListeningYet) {
        continue;
      }
    }
    throw new IllegalStateException("not ready within 30 s");
  }

  private void relay() throws IOException, InterruptedException {
    String outpost = auths + "/outpost.goauthentik.io";
    expect(send(get(outpost + "/start?rd=https%3A%2F%2Fapp.example.test%2F")), 302);
    expect(send(get(outpost + "/static/dist/page.css")), 200);
    expect(send(get(outpost + "/callback?code=c&state=s").header("Cookie", COOKIE + "new")), 302);
    expect(send(get(outpost + "/sign_out").header("Cookie", COOKIE + "old")), 302);
    expect(
        send(
            request(outpost + "/static/echo").POST(BodyPublishers.ofString("body ".repeat(1_000)))),
        200);
  }

  private HttpResponse<String> check(String entryPoint, String session)
      throws IOException, InterruptedException {
    return send(forwarded(entryPoint).header("Cookie", "theme=dark; " + COOKIE + session));
  }

  private static HttpRequest.Builder forwarded(String entryPoint) {
    return request(entryPoint + CHECK)
        .header("X-Forwarded-Method", "GET")
        .header("X-Forwarded-Proto", "https")
        .header("X-Forwarded-Host", "app.example.test")
        .header("X-Forwarded-Uri", "/images/1.png?size=2")
        .header("X-Forwarded-For", "192.0.2.7")
        .header("Accept", "image/avif,image/webp,*/*")
        .header("User-Agent", "Mozilla/5.0 (X11; Linux x86_64)");
  }

  private static HttpRequest.Builder get(String uri) {
    return request(uri).GET();
  }

  private static HttpRequest.Builder request(String uri) {
    return HttpRequest.newBuilder(URI.create(uri))
        .timeout(Duration.ofSeconds(60))
        .version(uri.startsWith("https:") ? Version.HTTP_2 : Version.HTTP_1_1);
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private static void expect(HttpResponse<String> response, int status, String cache) {
    expect(response, status);
    if (!response.headers().allValues("X-Postern-Cache").contains(cache)) {
      throw new IllegalStateException(response + " is not a " + cache);
    }
    boolean overTls = response.uri().getScheme().equals("https");
    if (overTls != (response.version() == Version.HTTP_2)) {
      throw new IllegalStateException(response + " came by " + response.version());
    }
  }

  private static void expect(HttpResponse<String> response, int status) {
    if (response.statusCode() != status) {
      throw new IllegalStateException(response + " is not a " + status);
    }
  }

  private static int[] freePorts(int count) throws IOException {
    ServerSocket[] sockets = new ServerSocket[count];
    int[] ports = new int[count];
    for (int i = 0; i < count; i++) {
      sockets[i] = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
      ports[i] = sockets[i].getLocalPort();
    }
    for (ServerSocket socket : sockets) {
      socket.close();
    }
    return ports;
  }

  private static SSLContext trustingAll() throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustAll()}, new SecureRandom());
    return context;
  }
}
