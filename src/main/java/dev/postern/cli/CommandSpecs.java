package dev.postern.cli;

import dev.postern.config.Problem;
import dev.postern.config.key.BadValueException;
import dev.postern.config.key.Kind;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.TypeConversionException;

/// Pieces of which the descriptions of commands are made.
final class CommandSpecs {
  private CommandSpecs() {}

  /// A command with `--help`.
  static CommandSpec spec(String description) {
    CommandSpec spec = CommandSpec.create();
    spec.usageMessage().description(description);
    return spec.addOption(
        OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .description("Prints this help.")
            .build());
  }

  /// Adds `--output text|json`.
  static CommandSpec withOutput(CommandSpec spec) {
    return withOutput(spec, List.of("text", "json"));
  }

  /// Adds `--output` with the given words, of which the first is the default.
  static CommandSpec withOutput(CommandSpec spec, List<String> words) {
    return spec.addOption(
        OptionSpec.builder("--output")
            .paramLabel(String.join("|", words))
            .type(String.class)
            .converters((String word) -> {
              if (!words.contains(word)) {
                throw new TypeConversionException("it is " + String.join(" or ", words));
              }
              return word;
            })
            .description("How the result is printed; " + words.getFirst() + " when absent.")
            .build());
  }

  /// The chosen word of `--output`.
  static String output(ParseResult parsed) {
    return parsed.matchedOptionValue("--output", "text");
  }

  /// Whether `--output json` was chosen.
  static boolean isJson(ParseResult parsed) {
    return output(parsed).equals("json");
  }

  /// Adds `--configFile`.
  static CommandSpec withConfigFile(CommandSpec spec, String description) {
    return spec.addOption(text("--configFile", "FILE", description));
  }

  /// An option that takes any text.
  static OptionSpec text(String name, String label, String description) {
    return OptionSpec.builder(name)
        .paramLabel(label)
        .type(String.class)
        .description(description)
        .build();
  }

  /// An option that takes a value of the kinds that the configuration has.
  static <T> OptionSpec.Builder value(String name, String label, Class<T> type, Kind<T> kind) {
    return OptionSpec.builder(name)
        .paramLabel(label)
        .type(type)
        .converters((String text) -> {
          try {
            return kind.parser().parse(text);
          } catch (BadValueException e) {
            throw new TypeConversionException(e.sentence());
          }
        });
  }

  /// Wrong usage when one of the options was given.
  static void refuse(ParseResult parsed, String why, String... options) {
    for (String option : options) {
      if (parsed.hasMatchedOption(option)) {
        throw new ParameterException(parsed.commandSpec().commandLine(), option + " " + why);
      }
    }
  }

  /// The flags of the configuration are read by its loader, which reports all problems at once.
  static CommandSpec withFlags(String name, CommandSpec spec, Supplier<List<String>> help) {
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

  /// Prints problems as one readable list.
  static void print(List<Problem> problems, PrintWriter err) {
    err.println(
        "postern: the configuration has "
            + (problems.size() == 1 ? "a problem:" : problems.size() + " problems:"));
    problems.forEach(problem -> err.println("  " + problem));
  }
}
