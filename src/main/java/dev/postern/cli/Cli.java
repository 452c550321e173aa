package dev.postern.cli;

import dev.postern.app.Version;
import dev.postern.config.load.StaticConfigLoader;
import dev.postern.logging.LogText;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// The command line. The commands are described in code, because picocli's annotations cost
/// reflection at every start.
public final class Cli {
  static final int OK = 0;
  static final int NEGATIVE = 1;
  static final int USAGE = 2;

  private static final Set<String> ROOT_FLAGS = Set.of("-h", "--help", "-V", "--version");
  private static final int WIDTH = 100;

  private final Map<String, Command> commands = new LinkedHashMap<>();
  private final PrintWriter out;
  private final PrintWriter err;

  /// One command. Its body returns the exit code.
  ///
  /// @param takesFlags whether words unknown to picocli are flags for the configuration loader
  private record Command(CommandSpec spec, boolean takesFlags, ToIntFunction<ParseResult> body) {
    CommandLine line() {
      return new CommandLine(spec).setUnmatchedArgumentsAllowed(takesFlags);
    }
  }

  /// Prepares the commands.
  ///
  /// @param environment the environment variables
  /// @param out receives results
  /// @param err receives error messages
  /// @param starter starts Postern for `serve`
  public Cli(
      Map<String, String> environment,
      PrintWriter out,
      PrintWriter err,
      ServeCommand.Starter starter) {
    this.out = out;
    this.err = err;
    var loader = new StaticConfigLoader(environment);
    var serve = new ServeCommand(loader, err, starter);
    var validate = new ValidateCommand(loader, environment, out, err);
    var healthcheck = new HealthcheckCommand(loader, out, err);
    var explain = new ExplainCommand(loader, environment, out, err);
    var demo = new DemoCommand(environment, out, err);
    add("serve", ServeCommand.spec(), true, parsed -> serve.run(parsed.unmatched()));
    add("validate", ValidateCommand.spec(), false, validate::run);
    add("explain", ExplainCommand.spec(), false, explain::run);
    add("healthcheck", HealthcheckCommand.spec(), true, healthcheck::run);
    add("demo", DemoCommand.spec(), false, demo::run);
    add("rules", RulesEvalCommand.spec(), false, _ -> RulesEvalCommand.run(System.in, out, err));
    add("version", VersionCommand.spec(), false, this::version);
  }

  private void add(
      String name, CommandSpec spec, boolean takesFlags, ToIntFunction<ParseResult> body) {
    commands.put(name, new Command(spec, takesFlags, body));
  }

  /// Runs a command and returns the exit code.
  public int run(String... args) {
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
      if (command != null && command.takesFlags()) {
        CommandSpecs.refuseConfigFlag(chosen);
      }
      return command == null ? USAGE : command.body().applyAsInt(chosen);
    } catch (ParameterException e) {
      err.println("postern: " + wrongUsage(e));
      return USAGE;
    }
  }

  /// The default command is `serve`; `help COMMAND` means `COMMAND --help`.
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

  /// The error and a suggestion. Never contains the value of a flag, which may be a secret.
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

  private int version(ParseResult parsed) {
    out.println(CommandSpecs.isJson(parsed) ? VersionCommand.json() : Version.text());
    return OK;
  }

  private static CommandSpec root() {
    CommandSpec root =
        CommandSpecs.spec(
                "A caching sidecar between Traefik's ForwardAuth and an identity provider.")
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
            "The default command is serve; postern serve --help lists every flag.",
            "Exit codes: 0 for success; 1 for a negative result or a failed start; 2 for wrong"
                + " usage or, with serve, an invalid configuration.");
    return root;
  }
}
