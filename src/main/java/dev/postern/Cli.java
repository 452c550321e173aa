package dev.postern;

import dev.postern.config.Problem;
import dev.postern.config.key.BadValueException;
import dev.postern.config.key.GoDuration;
import dev.postern.config.load.StaticConfigLoader;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/// The command line. Commands are a table built by code: picocli would read annotations by
/// reflection at every start.
final class Cli {
  static final int OK = 0;
  static final int NEGATIVE = 1;
  static final int USAGE = 2;

  private static final Set<String> ROOT_FLAGS = Set.of("-h", "--help", "-V", "--version");
  private static final int WIDTH = 100;

  private final Map<String, Command> commands = new LinkedHashMap<>();
  private final PrintWriter out;
  private final PrintWriter err;

  /// One command and what it does; the result is the exit code.
  ///
  /// @param takesFlags whether words that picocli does not know go to the configuration's loader
  private record Command(CommandSpec spec, boolean takesFlags, ToIntFunction<ParseResult> body) {
    CommandLine line() {
      return new CommandLine(spec).setUnmatchedArgumentsAllowed(takesFlags);
    }
  }

  /// Prepares the commands.
  ///
  /// @param environment the process's variables
  /// @param out where results go
  /// @param err where problems go
  /// @param starter what `serve` starts
  Cli(
      Map<String, String> environment,
      PrintWriter out,
      PrintWriter err,
      ServeCommand.Starter starter) {
    this.out = out;
    this.err = err;
    var loader = new StaticConfigLoader(environment);
    var serve = new ServeCommand(loader, err, starter);
    var validate = new ValidateCommand(loader, out, err);
    var healthcheck = new HealthcheckCommand(loader, out, err);
    commands.put("serve", new Command(serveSpec(), true, parsed -> serve.run(parsed.unmatched())));
    commands.put(
        "validate",
        new Command(
            validateSpec(),
            false,
            parsed ->
                validate.run(
                    parsed.matchedPositionalValue(0, parsed.matchedOptionValue("--configFile", "")),
                    isJson(parsed))));
    commands.put(
        "healthcheck",
        new Command(healthcheckSpec(), true, parsed -> healthcheck.run(parsed.unmatched())));
    var demo = new DemoCommand(environment, out, err);
    commands.put("demo", new Command(demoSpec(), false, parsed -> demo.run(demoOptions(parsed))));
    commands.put("rules", new Command(rulesSpec(), false, _ -> RulesEval.run(System.in, out, err)));
    commands.put("version", new Command(versionSpec(), false, parsed -> version(isJson(parsed))));
  }

  /// Runs one command and returns the exit code.
  int run(String... args) {
    CommandLine line = new CommandLine(root());
    commands.forEach((name, command) -> line.addSubcommand(name, command.line()));
    line.setOut(out)
        .setErr(err)
        .setExpandAtFiles(false)
        .setPosixClusteredShortOptionsAllowed(false)
        .setUsageHelpWidth(WIDTH)
        .setColorScheme(Help.defaultColorScheme(Help.Ansi.OFF));
    try {
      ParseResult parsed = line.parseArgs(normalized(args));
      Integer help = CommandLine.executeHelpRequest(parsed);
      if (help != null) {
        return help;
      }
      ParseResult chosen = parsed.subcommand();
      Command command = commands.get(chosen.commandSpec().name());
      return command == null ? USAGE : command.body().applyAsInt(chosen);
    } catch (ParameterException e) {
      err.println("postern: " + wrongUsage(e));
      return USAGE;
    }
  }

  /// Without a command it is `serve`; `help COMMAND` is `COMMAND --help`.
  private static String[] normalized(String[] args) {
    var words = new ArrayList<>(Arrays.asList(args));
    if (!words.isEmpty() && words.getFirst().equals("help")) {
      words.removeFirst();
      words.addLast("--help");
    } else if (words.isEmpty()
        || (words.getFirst().startsWith("-") && !ROOT_FLAGS.contains(words.getFirst()))) {
      words.addFirst("serve");
    }
    return words.toArray(String[]::new);
  }

  /// What is wrong and what was probably meant; never the value of a flag, which may be a secret.
  private static String wrongUsage(ParameterException e) {
    String name = e.getCommandLine().getCommandSpec().qualifiedName();
    String wrong = e.getMessage();
    if (e instanceof UnmatchedArgumentException unmatched) {
      String word = unmatched.getUnmatched().getFirst().split("=", 2)[0];
      wrong =
          (word.startsWith("-") ? "unknown flag " : "unknown word ")
              + LogText.escape(word)
              + unmatched.getSuggestions().stream()
                  .findFirst()
                  .map(meant -> "; did you mean " + meant + "?")
                  .orElse("");
    }
    return wrong + " (see " + name + " --help)";
  }

  private int version(boolean json) {
    out.println(json ? Version.json() : Version.text());
    return OK;
  }

  /// Prints problems as one readable list.
  static void print(List<Problem> problems, PrintWriter err) {
    err.println(
        "postern: the configuration has "
            + (problems.size() == 1 ? "a problem:" : problems.size() + " problems:"));
    problems.forEach(problem -> err.println("  " + problem));
  }

  private static boolean isJson(ParseResult parsed) {
    return parsed.matchedOptionValue("--output", Output.TEXT) == Output.JSON;
  }

  private enum Output {
    TEXT,
    JSON;

    static Output of(String text) {
      return switch (text) {
        case "text" -> TEXT;
        case "json" -> JSON;
        default -> throw new TypeConversionException("it is text or json");
      };
    }
  }

  private static CommandSpec root() {
    CommandSpec root =
        spec("A caching sidecar between Traefik's ForwardAuth and an identity provider.")
            .name("postern")
            .version(Version.text())
            .addOption(
                OptionSpec.builder("-V", "--version")
                    .versionHelp(true)
                    .description("Prints the version.")
                    .build());
    root.usageMessage()
        .synopsisSubcommandLabel("[COMMAND]")
        .footer(
            "",
            "Without a command it is serve; postern serve --help lists every flag.",
            "Exit codes: 0; 1 for a negative finding or a failed start; 2 for bad usage or, with"
                + " serve, a bad configuration.");
    return root;
  }

  private static CommandSpec serveSpec() {
    CommandSpec spec = spec("Answers Traefik until it is told to stop (the default command).");
    return withFlags("serve", spec, StaticConfigLoader::flagHelp);
  }

  private static CommandSpec healthcheckSpec() {
    CommandSpec spec =
        spec("Asks /ping of the admin entry point on this machine; exit 1 when it is not healthy.");
    return withFlags(
        "healthcheck",
        spec,
        () ->
            List.of(
                "  Reads the same file and variables as serve and takes the same flags; of them it",
                "  needs only entryPoints.admin.address."));
  }

  private static CommandSpec validateSpec() {
    CommandSpec spec =
        spec("Checks a static configuration file, with the environment, as serve would read it.");
    spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("FILE")
            .arity("0..1")
            .type(String.class)
            .description("A .yml, .yaml or .toml file; without it the one that serve would read.")
            .build());
    spec.addOption(
        OptionSpec.builder("--configFile")
            .paramLabel("FILE")
            .type(String.class)
            .description("The same as FILE.")
            .build());
    return withOutput(spec);
  }

  private static CommandSpec demoSpec() {
    CommandSpec spec =
        spec(
            "Shows what Postern is for: an identity provider, pages and a proxy around a real"
                + " Postern, on this machine alone.");
    spec.addOption(
        OptionSpec.builder("--port")
            .paramLabel("PORT")
            .type(int.class)
            .defaultValue("0")
            .description("Where it listens on loopback; 8080, or a free one, when absent.")
            .build());
    spec.addOption(
        OptionSpec.builder("--for")
            .paramLabel("TIME")
            .type(Duration.class)
            .converters(Cli::time)
            .description("Ends it by itself, after 30s for example.")
            .build());
    spec.addOption(
        OptionSpec.builder("--traefik")
            .paramLabel("PATH")
            .type(String.class)
            .defaultValue("")
            .description(
                "The Traefik in front: the one on the PATH when absent, else a small built-in"
                    + " proxy; none is always the built-in one.")
            .build());
    return spec;
  }

  private static CommandSpec rulesSpec() {
    CommandSpec spec =
        spec(
            "Evaluates Traefik rules: rules eval reads lines of JSON {rule, syntax, method, url,"
                + " headers, remoteAddr} and answers each with {valid, errorKind, match,"
                + " priority}.");
    spec.addPositional(
        PositionalParamSpec.builder()
            .paramLabel("eval")
            .arity("1")
            .type(String.class)
            .converters(Cli::action)
            .description("The one thing that can be done with rules.")
            .build());
    return spec;
  }

  private static String action(String text) {
    if (!text.equals("eval")) {
      throw new TypeConversionException("it is eval");
    }
    return text;
  }

  private static Duration time(String text) {
    try {
      return GoDuration.parse(text);
    } catch (BadValueException e) {
      throw new TypeConversionException("it is a time such as 30s or 5m");
    }
  }

  private static DemoCommand.Options demoOptions(ParseResult parsed) {
    return new DemoCommand.Options(
        parsed.matchedOptionValue("--port", 0),
        parsed.matchedOptionValue("--for", null),
        parsed.matchedOptionValue("--traefik", ""));
  }

  private static CommandSpec versionSpec() {
    return withOutput(spec("Prints the version."));
  }

  private static CommandSpec spec(String description) {
    CommandSpec spec = CommandSpec.create();
    spec.usageMessage().description(description);
    return spec.addOption(
        OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .description("Prints this help.")
            .build());
  }

  private static CommandSpec withOutput(CommandSpec spec) {
    return spec.addOption(
        OptionSpec.builder("--output")
            .paramLabel("text|json")
            .type(Output.class)
            .converters(Output::of)
            .description("How the result is printed; text when absent.")
            .build());
  }

  /// The flags of the configuration are read by its loader, which reports all problems at once.
  private static CommandSpec withFlags(String name, CommandSpec spec, Supplier<List<String>> help) {
    UsageMessageSpec usage = spec.usageMessage();
    usage.customSynopsis("postern " + name + " [--configFile=FILE] [FLAG...]");
    usage
        .sectionMap()
        .put(
            UsageMessageSpec.SECTION_KEY_FOOTER,
            _ ->
                "\nFlags (in any case, also as POSTERN_ variables):\n"
                    + String.join("\n", help.get())
                    + "\n");
    return spec;
  }
}
