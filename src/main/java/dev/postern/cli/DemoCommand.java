package dev.postern.cli;

import dev.postern.app.Sidecar;
import dev.postern.app.StartException;
import dev.postern.config.StaticConfig;
import dev.postern.config.key.Kinds;
import dev.postern.config.load.StaticConfigLoader;
import dev.postern.config.load.StaticConfigLoader.Loaded;
import dev.postern.config.load.StaticConfigLoader.Refused;
import dev.postern.demo.Demo;
import dev.postern.demo.DemoDomain;
import dev.postern.demo.core.DemoUser;
import dev.postern.demo.idp.DemoIdentityProvider;
import dev.postern.logging.LogText;
import dev.postern.logging.Logging;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/// `postern demo`: an identity provider, web pages and a proxy around a real Postern, reachable
/// from this machine only.
final class DemoCommand {
  private static final int USUAL_PORT = 8080;

  /// About what a check of authentik takes. With less, the time that Postern saves is too small to
  /// see on the page.
  private static final Duration CHECK_DELAY = Duration.ofMillis(30);

  /// The options.
  ///
  /// @param port the port to listen on; 0 for 8080 or, if that is taken, any free port
  /// @param time how long the demo runs, or null until a signal stops it
  /// @param traefik the path of Traefik, `none` for the built-in proxy, or empty for the Traefik on
  ///   the `PATH`, or else the built-in proxy
  record Options(int port, @Nullable Duration time, String traefik) {}

  private final Map<String, String> environment;
  private final PrintWriter out;
  private final PrintWriter err;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final LoneIdentityProvider alone;

  DemoCommand(Map<String, String> environment, PrintWriter out, PrintWriter err) {
    this.environment = environment;
    this.out = out;
    this.err = err;
    this.alone = new LoneIdentityProvider(out, err);
  }

  static CommandSpec spec() {
    CommandSpec spec =
        CommandSpecs.spec(
            "Shows what Postern does: an identity provider, web pages and a proxy around a real"
                + " Postern, reachable from this machine only.");
    spec.addOption(
        OptionSpec.builder("--port")
            .paramLabel("PORT")
            .type(int.class)
            .defaultValue("0")
            .description("The port on loopback; default: 8080, or a free one if that is taken.")
            .build());
    spec.addOption(
        CommandSpecs.value("--for", "TIME", Duration.class, Kinds.DURATION)
            .description("Stops the demo after this time, for example 30s.")
            .build());
    spec.addOption(
        CommandSpecs.text(
            "--traefik",
            "PATH",
            "The Traefik in front; none for the small built-in proxy. Default: the Traefik on the"
                + " PATH, or else the built-in proxy."));
    return LoneIdentityProvider.withOptions(spec);
  }

  int run(ParseResult parsed) {
    if (LoneIdentityProvider.isWanted(parsed)) {
      CommandSpecs.refuse(parsed, "cannot be used with --only", "--port", "--traefik");
      return alone.run(parsed);
    }
    CommandSpecs.refuse(parsed, "needs --only", "--listen", "--url");
    return run(
        new Options(
            parsed.matchedOptionValue("--port", 0),
            parsed.matchedOptionValue("--for", null),
            parsed.matchedOptionValue("--traefik", "")));
  }

  int run(Options options) {
    try {
      Optional<Path> traefik = DemoTraefik.find(options.traefik(), environment);
      Path directory = Files.createTempDirectory("postern-demo");
      try {
        int port = port(options.port());
        run(new Running(directory, port, traefik), options.time());
        return Cli.OK;
      } finally {
        DemoTraefik.deleteAll(directory);
      }
    } catch (StartException e) {
      return refuse(e.getMessage());
    } catch (IOException e) {
      return refuse("the demo cannot run: " + e.getMessage());
    } catch (UncheckedIOException e) {
      return refuse("the demo cannot run: " + e.getMessage());
    }
  }

  private int refuse(@Nullable String message) {
    err.println("postern: " + LogText.escape(String.valueOf(message)));
    return Cli.NEGATIVE;
  }

  private int port(int wanted) throws IOException {
    if (wanted != 0) {
      return wanted;
    }
    try (ServerSocket usual = new ServerSocket(USUAL_PORT, 1, InetAddress.getLoopbackAddress())) {
      return usual.getLocalPort();
    } catch (IOException taken) {
      try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        out.println("Port " + USUAL_PORT + " is taken, using " + any.getLocalPort() + ".");
        return any.getLocalPort();
      }
    }
  }

  /// One run of the demo: everything that has to be closed, in the order it was opened.
  private static final class Running implements AutoCloseable {
    final Optional<Path> traefik;
    private final Path directory;
    private final Demo demo;
    private @Nullable Sidecar sidecar;
    private @Nullable DemoTraefik proxy;

    Running(Path directory, int port, Optional<Path> traefik) throws StartException, IOException {
      this.traefik = traefik;
      this.directory = directory;
      try {
        demo =
            Demo.start(
                new Demo.Options(
                    port,
                    CHECK_DELAY,
                    traefik.isEmpty(),
                    provider -> startSidecar(directory, provider)));
      } catch (SidecarFailure e) {
        throw e.reason;
      }
      if (traefik.isPresent()) {
        try {
          proxy = DemoTraefik.start(traefik.get(), directory, demo, sidecar());
        } catch (StartException | RuntimeException e) {
          close();
          throw e;
        }
      }
    }

    private Sidecar sidecar() {
      if (sidecar == null) {
        throw new IllegalStateException("not started");
      }
      return sidecar;
    }

    private InetSocketAddress startSidecar(Path directory, DemoIdentityProvider provider) {
      try {
        StaticConfig config = config(directory, provider.address());
        Logging.start(config.log());
        sidecar = Sidecar.start(config);
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), sidecar.authPort());
      } catch (StartException e) {
        throw new SidecarFailure(e);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      if (proxy != null) {
        proxy.close();
      }
      demo.close();
      if (sidecar != null) {
        sidecar.close();
      }
      try {
        DemoTraefik.deleteAll(directory);
      } catch (IOException e) {
        LoggerFactory.getLogger(DemoCommand.class)
            .warn("{} cannot be removed: {}", directory, e.getMessage());
      }
    }
  }

  /// Carries a checked StartException through [Demo#start].
  private static final class SidecarFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private final transient StartException reason;

    SidecarFailure(StartException reason) {
      super(reason);
      this.reason = reason;
    }
  }

  /// The demo's own configuration. It ignores configuration files and environment variables of the
  /// machine.
  private static StaticConfig config(Path directory, InetSocketAddress outpost) throws IOException {
    Path file = directory.resolve("postern.yml");
    Files.writeString(
        file,
        """
        entryPoints:
          auth: { address: "127.0.0.1:0" }
          auths: { address: "127.0.0.1:0" }
          admin: { address: "127.0.0.1:0" }
        upstream: { url: "http://127.0.0.1:%d" }
        stateDirectory: "%s"
        log: { level: WARN }
        """
            .formatted(outpost.getPort(), directory.resolve("state")));
    return switch (new StaticConfigLoader(Map.of()).load(List.of("--configFile=" + file))) {
      case Loaded<StaticConfig>(var config, var _) -> config;
      case Refused<StaticConfig>(var problems) ->
          throw new IllegalStateException("the demo's own configuration: " + problems);
    };
  }

  private void run(Running running, @Nullable Duration time) {
    Thread hook = new Thread(running::close, "stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try (running) {
      announce(running);
      if (time == null) {
        stop.await();
      } else {
        boolean _ = stop.await(time.toNanos(), TimeUnit.NANOSECONDS);
      }
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException stopping) {
      // The JVM is shutting down already; the hook runs.
      return;
    }
  }

  /// Prints who can sign in.
  static void credentials(PrintWriter out) {
    for (DemoUser user : DemoDomain.users()) {
      out.println("  Sign in as " + user.username() + " with the password " + user.password());
    }
    out.println("  The page that asks for the vault's one-time code also shows it.");
  }

  private void announce(Running running) {
    var places = running.demo.places();
    out.println();
    out.println("  The demo runs at " + places.home());
    out.println();
    out.println("    " + places.photos() + "/          100 images through Postern");
    out.println("    " + places.photosDirect() + "/   the same without Postern");
    out.println("    " + places.whoami() + "/          the headers a service receives");
    out.println("    " + places.vault() + "/           its own application, also asks for a code");
    out.println();
    credentials(out);
    out.println();
    out.println(
        "  In front: "
            + running.traefik.map(path -> "Traefik (" + path + ")").orElse("the built-in proxy")
            + ". Admin API and metrics: http://127.0.0.1:"
            + running.sidecar().adminPort());
    out.println("  Press Ctrl-C to stop it.");
    out.println();
    out.flush();
  }
}
