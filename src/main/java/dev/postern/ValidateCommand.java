package dev.postern;

import dev.postern.config.Problem;
import dev.postern.config.StaticConfig;
import dev.postern.config.load.StaticConfigLoader;
import dev.postern.config.load.StaticConfigLoader.Loaded;
import dev.postern.config.load.StaticConfigLoader.Refused;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/// `postern validate`: every problem of a static configuration, or that there is none.
final class ValidateCommand {
  private final StaticConfigLoader loader;
  private final PrintWriter out;
  private final PrintWriter err;

  ValidateCommand(StaticConfigLoader loader, PrintWriter out, PrintWriter err) {
    this.loader = loader;
    this.out = out;
    this.err = err;
  }

  /// Checks the file, or what `serve` would read when its name is empty.
  int run(String file, boolean json) {
    if (!file.isEmpty() && file.indexOf('\0') < 0 && Files.isDirectory(Path.of(file))) {
      err.println(
          "postern: "
              + LogText.escape(file)
              + " is a directory; this version checks a static configuration file, not directories"
              + " of rules");
      return Cli.USAGE;
    }
    return switch (loader.load(file.isEmpty() ? List.of() : List.of("--configFile=" + file))) {
      case Loaded<StaticConfig>(var _, var sources) -> {
        out.println(json ? json(List.of()) : valid(sources));
        yield Cli.OK;
      }
      case Refused<StaticConfig>(var problems) -> {
        if (json) {
          out.println(json(problems));
        } else {
          Cli.print(problems, err);
        }
        yield Cli.NEGATIVE;
      }
    };
  }

  private static String valid(List<String> sources) {
    return (sources.isEmpty() ? "the configuration" : String.join(" with ", sources)) + " is valid";
  }

  private static String json(List<Problem> problems) {
    return problems.stream()
        .map(problem ->
            "{\"path\":"
                + LogText.json(problem.path())
                + ",\"message\":"
                + LogText.json(problem.message())
                + "}")
        .collect(
            Collectors.joining(",", "{\"valid\":" + problems.isEmpty() + ",\"problems\":[", "]}"));
  }
}
