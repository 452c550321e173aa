package dev.postern.testing.program;

import dev.postern.testing.Await;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Postern as a child process: the image that the system property `postern.image` names (a
/// directory with `bin/postern`), else this class path.
public final class PosternProcess implements AutoCloseable {
  private final int authPort;
  private final int adminPort;
  private final ChildProcess process;

  private PosternProcess(int authPort, int adminPort, ChildProcess process) {
    this.authPort = authPort;
    this.adminPort = adminPort;
    this.process = process;
  }

  /// Starts `postern serve` with the entry points `auth` and `admin` and waits until it is ready.
  ///
  /// @param directory an empty directory for its log and its state
  /// @param upstream the upstream's URL
  /// @param flags further flags
  /// @return the running program
  /// @throws AssertionError when it is not ready in time, with its output
  public static PosternProcess start(Path directory, URI upstream, String... flags) {
    return startWith(Map.of(), directory, upstream, flags);
  }

  /// The same with further environment variables.
  ///
  /// @param environment the variables
  /// @param directory an empty directory for its log and its state
  /// @param upstream the upstream's URL
  /// @param flags further flags
  /// @return the running program
  /// @throws AssertionError when it is not ready in time, with its output
  public static PosternProcess startWith(
      Map<String, String> environment, Path directory, URI upstream, String... flags) {
    List<Integer> ports = FreePorts.find(2);
    List<String> command = new ArrayList<>(program());
    command.add("serve");
    command.add("--entryPoints.auth.address=127.0.0.1:" + ports.get(0));
    command.add("--entryPoints.admin.address=127.0.0.1:" + ports.get(1));
    command.add("--upstream.url=" + upstream);
    command.add("--stateDirectory=" + directory.resolve("state"));
    command.addAll(List.of(flags));
    ChildProcess child = ChildProcess.start(directory.resolve("postern.log"), command, environment);
    PosternProcess postern = new PosternProcess(ports.get(0), ports.get(1), child);
    try {
      Await.until(
          "postern is ready or ends",
          Duration.ofSeconds(30),
          () -> !child.isAlive() || postern.ping() == 200);
    } catch (AssertionError e) {
      child.close();
      throw new AssertionError("postern is not ready:\n" + child.log(), e);
    }
    if (!child.isAlive()) {
      throw new AssertionError("postern ended at its start:\n" + child.log());
    }
    return postern;
  }

  /// The program, without a command, for other commands than `serve`.
  ///
  /// @return the words before the command
  public static List<String> program() {
    String image = System.getProperty("postern.image");
    if (image != null) {
      return List.of(Path.of(image, "bin", "postern").toString());
    }
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-cp",
        System.getProperty("java.class.path"),
        "dev.postern.Main");
  }

  /// {@return the port of the `auth` entry point}
  public int authPort() {
    return authPort;
  }

  /// Sends one request to the admin entry point.
  ///
  /// @param request the whole request
  public RawMessage admin(String request) throws IOException {
    return RawHttp.once(adminPort, request);
  }

  /// {@return the process}
  public ChildProcess process() {
    return process;
  }

  /// {@return the status of `/ping`}
  ///
  /// @throws IOException when the admin entry point does not answer
  public int ping() throws IOException {
    return RawHttp.once(
            adminPort, RawHttp.get("/ping", "Host: localhost:" + adminPort, "Connection: close"))
        .status();
  }

  @Override
  public void close() {
    process.close();
  }
}
