package dev.postern.cli;

import dev.postern.config.ProvidersConfig;
import dev.postern.config.ProvidersConfig.DefaultRuleSyntax;
import dev.postern.config.StaticConfig;
import dev.postern.config.load.StaticConfigLoader;
import dev.postern.config.load.StaticConfigLoader.Loaded;
import dev.postern.config.load.StaticConfigLoader.Refused;
import dev.postern.logging.LogText;
import dev.postern.net.HeaderLine;
import dev.postern.routing.RouteTable;
import dev.postern.routing.definition.Provider;
import dev.postern.routing.explain.Asked;
import dev.postern.routing.explain.Explainer;
import dev.postern.routing.explain.Explanation;
import dev.postern.routing.pluginoptions.ForwardOptionsReader.Known;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;
import tools.jackson.databind.json.JsonMapper;

/// `postern explain URL`: which application and which router a request belongs to, and why.
final class ExplainCommand {
  private static final Known STANDARD = new Known(Duration.ofSeconds(60), null);

  private final StaticConfigLoader loader;
  private final Map<String, String> environment;
  private final PrintWriter out;
  private final PrintWriter err;

  ExplainCommand(
      StaticConfigLoader loader,
      Map<String, String> environment,
      PrintWriter out,
      PrintWriter err) {
    this.loader = loader;
    this.environment = environment;
    this.out = out;
    this.err = err;
  }

  static CommandSpec spec() {
    CommandSpec spec =
        CommandSpecs.spec(
            "Explains which application decides a request, whether its verdict may be shared,"
                + " which router gets it, and why.");
    spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("URL")
            .arity("1")
            .required(true)
            .type(String.class)
            .description("As in a browser: https://app.example.org/path.")
            .build());
    spec.addOption(
        OptionSpec.builder("--header")
            .paramLabel("NAME:VALUE")
            .type(List.class)
            .auxiliaryTypes(HeaderLine.class)
            .converters(ExplainCommand::header)
            .description("A header of the request; may be given more than once.")
            .build());
    spec.addOption(CommandSpecs.text("--method", "METHOD", "The method; default: GET."));
    spec.addOption(CommandSpecs.text("--client", "IP", "The client's address."));
    spec.addOption(
        CommandSpecs.text(
            "--directory",
            "DIR",
            "Reads only this directory or file of rules, not the configuration."));
    return CommandSpecs.withOutput(
        CommandSpecs.withConfigFile(
            spec,
            "The configuration that names the rules; default: the one that serve would read."));
  }

  private static HeaderLine header(String text) {
    int colon = text.indexOf(':');
    if (colon < 1) {
      throw new TypeConversionException("must be a name, a colon and a value");
    }
    return new HeaderLine(text.substring(0, colon).strip(), text.substring(colon + 1).strip());
  }

  /// The rules to explain the request with, and remarks about what was not read.
  private record Rules(RouteTable table, List<String> remarks) {}

  int run(ParseResult parsed) {
    List<HeaderLine> headers = parsed.matchedOptionValue("--header", List.of());
    Asked asked =
        new Asked(
            parsed.matchedPositionalValue(0, ""),
            parsed.matchedOptionValue("--method", "GET"),
            headers,
            parsed.matchedOptionValue("--client", ""));
    return switch (asked.forwarded()) {
      case Asked.Refused(String sentence) -> {
        boolean isJson = CommandSpecs.isJson(parsed);
        out.println(isJson ? "{\"refused\":" + LogText.json(sentence) + "}" : sentence);
        yield Cli.NEGATIVE;
      }
      case Asked.Forwarded(var request) -> {
        Rules rules = rules(parsed).orElse(null);
        if (rules == null) {
          yield Cli.NEGATIVE;
        }
        Explanation explanation = Explainer.explain(rules.table(), request).plus(rules.remarks());
        if (CommandSpecs.isJson(parsed)) {
          out.println(JsonMapper.shared().writeValueAsString(explanation));
        } else {
          ExplanationText.lines(explanation).forEach(line -> out.println(LogText.escape(line)));
        }
        yield Cli.OK;
      }
    };
  }

  private Optional<Rules> rules(ParseResult parsed) {
    @Nullable String directory = parsed.matchedOptionValue("--directory", null);
    if (directory != null) {
      return table(Path.of(directory), DefaultRuleSyntax.V3, STANDARD, List.of());
    }
    String file = parsed.matchedOptionValue("--configFile", "");
    return switch (loader.load(file.isEmpty() ? List.of() : List.of("--configFile=" + file))) {
      case Refused<StaticConfig>(var problems) -> {
        if (file.isEmpty() && isWithoutRules()) {
          err.println(
              "postern: no rules are configured; give a directory or file of rules with"
                  + " --directory, or a configuration that names one with --configFile");
        } else {
          CommandSpecs.print(problems, err);
        }
        yield Optional.empty();
      }
      case Loaded<StaticConfig>(var config, var _) -> configured(config);
    };
  }

  /// Whether only `upstream.url` is missing, which `explain` does not need, and no rules are named.
  private boolean isWithoutRules() {
    return loader.load(List.of("--upstream.url=http://localhost"))
            instanceof Loaded<StaticConfig>(var config, var _)
        && config.providers().file() == null;
  }

  private Optional<Rules> configured(StaticConfig config) {
    ProvidersConfig providers = config.providers();
    List<String> remarks = new ArrayList<>();
    if (providers.traefik() != null || providers.authentik() != null) {
      remarks.add(
          "Only files were read. The running Postern also knows the routers and applications of"
              + " providers.traefik and providers.authentik; see /api/applications and /api/routers"
              + " of its admin entry point.");
    }
    ProvidersConfig.FileProvider files = providers.file();
    if (files == null) {
      remarks.add("The configuration names no rules (providers.file); give them with --directory.");
      return Optional.of(new Rules(RouteTable.EMPTY, remarks));
    }
    Known known = new Known(config.cache().ttl(), config.upstream());
    return table(files.path(), files.defaultRuleSyntax(), known, remarks);
  }

  private Optional<Rules> table(
      Path path, DefaultRuleSyntax syntax, Known known, List<String> remarks) {
    RulesFiles.Read read = RulesFiles.read(path, environment, syntax, known);
    if (!read.problems().isEmpty()) {
      err.println("postern: the rules cannot be used; see postern validate for details:");
      read.problems().forEach(problem -> err.println("  " + problem));
      return Optional.empty();
    }
    RouteTable table =
        RouteTable.of(Map.of(Provider.FILE, read.snapshot()), known.ttl(), RouteTable.EMPTY);
    return Optional.of(new Rules(table, remarks));
  }
}
