package dev.postern.cli;

import dev.postern.app.Running;
import dev.postern.app.StartException;
import dev.postern.app.StaticReload;
import dev.postern.app.Version;
import dev.postern.app.WideTrust;
import dev.postern.config.StaticConfig;
import dev.postern.config.load.StaticConfigLoader;
import dev.postern.config.load.StaticConfigLoader.Loaded;
import dev.postern.config.load.StaticConfigLoader.Refused;
import dev.postern.logging.LogText;
import dev.postern.logging.Logging;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Model.CommandSpec;

/// `postern serve`: reads the configuration, starts Postern and waits until it stops.
public final class ServeCommand {
  private final StaticConfigLoader loader;
  private final PrintWriter err;
  private final Starter starter;

  /// Starts Postern; tests replace it.
  @FunctionalInterface
  public interface Starter {
    Running start(StaticConfig config) throws StartException;
  }

  static CommandSpec spec() {
    return CommandSpecs.withFlags(
        "serve",
        CommandSpecs.spec("Serves Traefik's requests until it is stopped (the default command)."),
        StaticConfigLoader::flagHelp);
  }

  ServeCommand(StaticConfigLoader loader, PrintWriter err, Starter starter) {
    this.loader = loader;
    this.err = err;
    this.starter = starter;
  }

  int run(List<String> flags) {
    return switch (loader.load(flags)) {
      case Refused<StaticConfig>(var problems) -> {
        CommandSpecs.print(problems, err);
        yield Cli.USAGE;
      }
      case Loaded<StaticConfig>(var config, var sources) -> serve(flags, config, sources);
    };
  }

  private int serve(List<String> flags, StaticConfig config, List<String> sources) {
    try {
      Logging.start(config.log());
      Logger log = LoggerFactory.getLogger(ServeCommand.class);
      log.atInfo()
          .addKeyValue("configuration", sources.isEmpty() ? "defaults" : String.join(", ", sources))
          .log("{} starts", Version.text());
      config.effective().lines().forEach(log::info);
      WideTrust.warnings(config).forEach(log::warn);
      try (Running running = starter.start(config)) {
        boolean _ = Signals.onEach("TERM", running::close);
        boolean _ = Signals.onEach("INT", running::close);
        boolean _ = Signals.onEach("USR1", running::reopenLogs);
        running.reloads().add("static configuration", new StaticReload(loader, flags, config));
        if (!Signals.onEach("HUP", running.reloads()::run)) {
          log.warn(
              "SIGHUP is ignored, because the parent process ignores it, as nohup does; start"
                  + " Postern with setsid instead to reload with SIGHUP");
        }
        running.watchUpstream();
        awaitStop(running);
        return Cli.OK;
      }
    } catch (IOException | StartException e) {
      err.println("postern: " + LogText.escape(String.valueOf(e.getMessage())));
      return Cli.NEGATIVE;
    }
  }

  /// SIGTERM and SIGINT close it, so that an orderly stop exits with 0. If the JVM handles them
  /// itself (`-Xrs`, or no handler could be installed), a shutdown hook delays its end until
  /// everything is closed.
  private static void awaitStop(Running running) {
    var hook = new Thread(running::close, "stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      running.awaitStop();
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException _) {
      // The JVM is shutting down already; the hook runs.
    }
  }
}
