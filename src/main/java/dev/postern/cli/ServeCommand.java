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

/// `postern serve`: read the configuration, start, wait for the signal to stop.
public final class ServeCommand {
  private final StaticConfigLoader loader;
  private final PrintWriter err;
  private final Starter starter;

  /// How it is started.
  @FunctionalInterface
  public interface Starter {
    Running start(StaticConfig config) throws StartException;
  }

  static CommandSpec spec() {
    return CommandSpecs.withFlags(
        "serve",
        CommandSpecs.spec("Answers Traefik until it is told to stop (the default command)."),
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
        Signals.onEach("TERM", running::close);
        Signals.onEach("INT", running::close);
        Signals.onEach("USR1", running::reopenLogs);
        running.reloads().add("static configuration", new StaticReload(loader, flags, config));
        Signals.onEach("HUP", running.reloads()::run);
        running.watchUpstream();
        awaitStop(running);
        return Cli.OK;
      }
    } catch (IOException | StartException e) {
      err.println("postern: " + LogText.escape(String.valueOf(e.getMessage())));
      return Cli.NEGATIVE;
    }
  }

  /// SIGTERM and SIGINT close it, so that an orderly stop ends with 0. Where they are the virtual
  /// machine's own (`-Xrs`, a signal that cannot be used), its shutdown is held up until all is
  /// done.
  private static void awaitStop(Running running) {
    var hook = new Thread(running::close, "stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      running.awaitStop();
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException _) {
      // The shutdown that the hook belongs to has begun.
    }
  }
}
