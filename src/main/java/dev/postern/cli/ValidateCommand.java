package dev.postern.cli;

import dev.postern.app.NeededFiles;
import dev.postern.app.WideTrust;
import dev.postern.config.Problem;
import dev.postern.config.ProvidersConfig.DefaultRuleSyntax;
import dev.postern.config.StaticConfig;
import dev.postern.config.key.Words;
import dev.postern.config.load.StaticConfigLoader;
import dev.postern.config.load.StaticConfigLoader.Loaded;
import dev.postern.config.load.StaticConfigLoader.Refused;
import dev.postern.logging.LogText;
import dev.postern.routing.definition.Snapshot;
import dev.postern.routing.lint.Finding;
import dev.postern.routing.lint.Finding.Severity;
import dev.postern.routing.lint.Lint;
import dev.postern.routing.pluginoptions.ForwardOptionsReader.Known;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.ParseResult;

/// `postern validate`: lists every problem of a static configuration, or every error and warning
/// about rules.
final class ValidateCommand {
  /// No static configuration is read here, so nothing limits the TTLs that rules may set.
  private static final Known NOTHING_KNOWN = new Known(Duration.ofDays(365), null);

  private final StaticConfigLoader loader;
  private final Map<String, String> environment;
  private final PrintWriter out;
  private final PrintWriter err;

  ValidateCommand(
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
            "Checks a static configuration, with environment variables, as serve reads it; or a"
                + " directory or file of rules as Traefik and Postern read it.");
    spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("FILE|DIR")
            .arity("0..1")
            .type(String.class)
            .description(
                "A directory contains rules, and so does a file with http, tcp, udp or tls at its"
                    + " top level; any other file is a static configuration. Default: the file that"
                    + " serve would read.")
            .build());
    spec.addOption(
        OptionSpec.builder("--strict")
            .description("Exits with 1 also for warnings about rules.")
            .build());
    return CommandSpecs.withOutput(
        CommandSpecs.withConfigFile(spec, "A static configuration, whatever the file contains."),
        List.of("text", "json", "github"));
  }

  int run(ParseResult parsed) {
    String path = parsed.matchedPositionalValue(0, "");
    if (!path.isEmpty() && path.indexOf('\0') < 0 && RulesFiles.isRules(Path.of(path))) {
      return rules(Path.of(path), parsed);
    }
    if (!path.isEmpty() && isMissing(path)) {
      String message = "does not exist; give a directory or file of rules, or a configuration file";
      return refused(List.of(new Problem(path, message)), CommandSpecs.output(parsed));
    }
    String file = path.isEmpty() ? parsed.matchedOptionValue("--configFile", "") : path;
    return configuration(file, CommandSpecs.output(parsed));
  }

  /// A missing YAML or TOML file is left to the loader, whose message has more detail.
  private static boolean isMissing(String path) {
    return path.indexOf('\0') < 0
        && !path.toLowerCase(Locale.ROOT).matches("(?s).*\\.(ya?ml|toml)")
        && Files.notExists(Path.of(path));
  }

  private int configuration(String file, String output) {
    return switch (loader.load(file.isEmpty() ? List.of() : List.of("--configFile=" + file))) {
      case Loaded<StaticConfig>(var config, var sources) -> {
        WideTrust.warnings(config).forEach(one -> err.println("postern: warning: " + one));
        List<Problem> problems = NeededFiles.problems(config);
        if (!problems.isEmpty()) {
          yield refused(problems, output);
        }
        out.println(output.equals("json") ? json(List.of()) : valid(sources));
        yield Cli.OK;
      }
      case Refused<StaticConfig>(var problems) -> refused(problems, output);
    };
  }

  private int refused(List<Problem> problems, String output) {
    switch (output) {
      case "json" -> out.println(json(problems));
      case "github" ->
          problems.forEach(one ->
              out.println(FindingText.annotation(finding(Severity.ERROR, "configuration", one))));
      default -> CommandSpecs.print(problems, err);
    }
    return Cli.NEGATIVE;
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

  private int rules(Path path, ParseResult parsed) {
    List<Finding> findings = findings(path);
    long errors = findings.stream().filter(one -> one.severity() == Severity.ERROR).count();
    switch (CommandSpecs.output(parsed)) {
      case "json" -> out.println(FindingText.json(findings));
      case "github" -> findings.forEach(one -> out.println(FindingText.annotation(one)));
      default -> {
        findings.forEach(one -> FindingText.lines(one).forEach(out::println));
        out.println(LogText.escape(path.toString()) + summary(errors, findings.size() - errors));
      }
    }
    boolean isStrict = parsed.hasMatchedOption("--strict");
    return errors > 0 || (isStrict && !findings.isEmpty()) ? Cli.NEGATIVE : Cli.OK;
  }

  private static String summary(long errors, long warnings) {
    if (errors + warnings == 0) {
      return " is valid";
    }
    return ": " + Words.count(errors, "problem") + ", " + Words.count(warnings, "warning");
  }

  private List<Finding> findings(Path path) {
    RulesFiles.Read read = RulesFiles.read(path, environment, DefaultRuleSyntax.V3, NOTHING_KNOWN);
    List<Finding> findings = new ArrayList<>();
    Severity severity = read.byTraefikToo() ? Severity.ERROR : Severity.WARNING;
    String check = read.byTraefikToo() ? "not-loaded" : "not-loaded-by-postern";
    read.problems().forEach(problem -> findings.add(finding(severity, check, problem)));
    read.warnings().forEach(one -> findings.add(finding(Severity.WARNING, "no-effect", one)));
    Snapshot all = read.snapshot();
    findings.addAll(
        Lint.check(
            new Snapshot(
                all.routers().stream()
                    .filter(one -> !read.children().contains(one.name()))
                    .toList(),
                all.middlewares(),
                all.applications())));
    return findings;
  }

  private static Finding finding(Severity severity, String check, Problem problem) {
    return new Finding(severity, check, problem.path(), "", problem.message(), null);
  }
}
