package dev.postern.stack;

import dev.postern.testing.Await;
import dev.postern.testing.EchoBackend;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.testing.program.ChildProcess;
import dev.postern.testing.program.ExternalProgram;
import dev.postern.testing.program.FreePorts;
import dev.postern.testing.program.PosternProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// The stack of `compose/demo.yaml` as processes on this machine, with the committed files and
/// command lines; only addresses and paths are replaced.
final class DemoStack implements AutoCloseable {
  static final Path COMPOSE = Path.of("compose/demo.yaml");
  static final Path RULES = Path.of("compose/demo/rules.yml");
  private static final Path TRAEFIK = Path.of("compose/demo/traefik.yml");
  private static final Duration LIMIT = Duration.ofSeconds(60);

  final EchoBackend whoami = new EchoBackend();
  final EchoBackend vault = new EchoBackend();
  final EchoBackend open = new EchoBackend();

  private final Path directory;
  private final JsonNode services;
  private final int web;
  private final int ping;
  private final int admin;
  private final List<String> posternAddresses;
  private final Map<String, String> moved = new LinkedHashMap<>();
  private final Deque<ChildProcess> processes = new ArrayDeque<>();

  private DemoStack(Path directory) throws IOException {
    this.directory = directory;
    this.services = new YAMLMapper().readTree(Files.readString(COMPOSE)).path("services");
    List<Integer> ports = FreePorts.find(5);
    web = ports.get(0);
    ping = ports.get(1);
    admin = ports.get(2);
    posternAddresses =
        List.of(
            "--entryPoints.auths.address=127.0.0.1:" + ports.get(3),
            "--entryPoints.admin.address=127.0.0.1:" + admin);
    Path state = directory.resolve("state");
    moved.put("https://postern:9443", "https://127.0.0.1:" + ports.get(3));
    moved.put("http://identity-provider:9000", "http://127.0.0.1:" + ports.get(4));
    moved.put("http://127.0.0.1:9000", "http://127.0.0.1:" + ports.get(4));
    moved.put("--listen=:9000", "--listen=127.0.0.1:" + ports.get(4));
    moved.put("http://whoami:8000", whoami.url().toString());
    moved.put("http://vault:8000", vault.url().toString());
    moved.put("http://open:8000", open.url().toString());
    moved.put("/var/lib/postern", state.toString());
    moved.put("/postern/postern.crt", state.resolve("postern.crt").toString());
    moved.put(".localhost:8080", ".localhost:" + web);
  }

  /// Starts the stack in the order of its `depends_on`.
  static DemoStack start(Path directory) throws IOException {
    DemoStack stack = new DemoStack(directory);
    try {
      ChildProcess provider = stack.run("identity-provider", List.of());
      await("the identity provider", provider, () -> provider.log().contains("Ready: "));
      ChildProcess postern = stack.run("postern", stack.posternAddresses);
      await("postern", postern, () -> stack.isOk(stack.admin, "/ping"));
      stack.traefik("traefik", stack.web, stack.ping, UnaryOperator.identity());
      return stack;
    } catch (IOException | AssertionError e) {
      stack.close();
      throw e;
    }
  }

  private String moved(String text) {
    String result = text;
    for (Map.Entry<String, String> one : moved.entrySet()) {
      result = result.replace(one.getKey(), one.getValue());
    }
    return result;
  }

  private List<String> words(JsonNode list) {
    List<String> words = new ArrayList<>();
    list.forEach(word -> words.add(moved(word.asString())));
    return words;
  }

  private ChildProcess run(String service, List<String> more) {
    List<String> command = new ArrayList<>(PosternProcess.program());
    command.addAll(words(services.path(service).path("command")));
    command.addAll(more);
    return started(service, command);
  }

  private ChildProcess started(String name, List<String> command) {
    ChildProcess process = ChildProcess.start(directory.resolve(name + ".log"), command);
    processes.push(process);
    return process;
  }

  /// Starts Traefik with the stack's files.
  ///
  /// @param change changes its static configuration further
  void traefik(String name, int webPort, int pingPort, UnaryOperator<String> change)
      throws IOException {
    Path files = Files.createDirectory(directory.resolve(name));
    Path rules = Files.writeString(files.resolve("rules.yml"), moved(Files.readString(RULES)));
    String text =
        Files.readString(TRAEFIK)
            .replace("\":8080\"", "\"127.0.0.1:" + webPort + "\"")
            .replace("127.0.0.1:8081", "127.0.0.1:" + pingPort)
            .replace("/etc/traefik/rules.yml", rules.toString());
    Path file = Files.writeString(files.resolve("traefik.yml"), change.apply(text));
    ChildProcess traefik =
        started(
            name, List.of(ExternalProgram.TRAEFIK.require().toString(), "--configFile=" + file));
    await(name, traefik, () -> isOk(pingPort, "/ping"));
    await(name, traefik, () -> ask(webPort, "open", "/").status() == 200);
  }

  private static void await(
      String what, ChildProcess process, java.util.concurrent.Callable<Boolean> ready) {
    try {
      Await.until(what + " is ready or ends", LIMIT, () -> !process.isAlive() || ready.call());
    } catch (AssertionError e) {
      throw new AssertionError(what + " is not ready:\n" + process.log(), e);
    }
    if (!process.isAlive()) {
      throw new AssertionError(what + " ended at its start:\n" + process.log());
    }
  }

  private boolean isOk(int port, String path) throws IOException {
    return RawHttp.once(port, RawHttp.get(path, "Host: localhost", "Connection: close")).status()
        == 200;
  }

  /// Runs the health check of a service as in the compose file.
  ///
  /// @return its exit code
  int healthCheck(String service) {
    List<String> test = words(services.path(service).path("healthcheck").path("test"));
    List<String> command = new ArrayList<>(PosternProcess.program());
    switch (service) {
      case "traefik" -> {
        command = new ArrayList<>(List.of(ExternalProgram.TRAEFIK.require().toString()));
        test.add("--configFile=" + directory.resolve("traefik/traefik.yml"));
      }
      case "postern" -> test.add(posternAddresses.getLast());
      default -> {}
    }
    command.addAll(test.subList(2, test.size()));
    return started("healthcheck-" + service, command).awaitExit(LIMIT);
  }

  /// {@return host and port for a name, as in a browser's URL}
  String authority(String name) {
    return name + ".postern.localhost:" + web;
  }

  /// Requests a page from Traefik.
  RawMessage ask(String name, String path, String... lines) throws IOException {
    return ask(web, name, path, lines);
  }

  /// The same from a Traefik on another port.
  RawMessage ask(int port, String name, String path, String... lines) throws IOException {
    List<String> all = new ArrayList<>(List.of(lines));
    all.addFirst("Host: " + authority(name));
    all.add("Connection: close");
    return RawHttp.once(port, RawHttp.request("GET", path, all));
  }

  /// {@return what Postern has logged}
  String posternLog() throws IOException {
    return Files.readString(directory.resolve("postern.log"));
  }

  /// {@return the certificate that Traefik trusts}
  Path certificate() {
    return Path.of(moved("/postern/postern.crt"));
  }

  @Override
  public void close() {
    processes.forEach(ChildProcess::close);
    whoami.close();
    vault.close();
    open.close();
  }
}
