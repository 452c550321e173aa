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

/// Parts that the command descriptions share.
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

  /// Adds `--output` with the given values; the first is the default.
  static CommandSpec withOutput(CommandSpec spec, List<String> words) {
    return spec.addOption(
        OptionSpec.builder("--output")
            .paramLabel(String.join("|", words))
            .type(String.class)
            .converters((String word) -> {
              if (!words.contains(word)) {
                throw new TypeConversionException("must be " + String.join(" or ", words));
              }
              return word;
            })
            .description("Format of the result; default: " + words.getFirst() + ".")
            .build());
  }

  static String output(ParseResult parsed) {
    return parsed.matchedOptionValue("--output", "text");
  }

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

  /// An option whose value is parsed like one of the configuration.
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

  /// Throws if one of the options was given.
  static void refuse(ParseResult parsed, String why, String... options) {
    for (String option : options) {
      if (parsed.hasMatchedOption(option)) {
        throw new ParameterException(parsed.commandSpec().commandLine(), option + " " + why);
      }
    }
  }

  /// Throws for `--config`. The configuration loader reports it too, but has no suggestion: the
  /// name differs too much from `--configFile`.
  static void refuseConfigFlag(ParseResult parsed) {
    for (String word : parsed.unmatched()) {
      String name = word.split("=", 2)[0];
      if (name.equalsIgnoreCase("--config")) {
        throw new ParameterException(
            parsed.commandSpec().commandLine(),
            "unknown flag " + name + "; did you mean --configFile?");
      }
    }
  }

  /// Describes a command whose flags the configuration loader reads; the loader reports all
  /// problems at once.
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

  /// Prints problems as a list.
  static void print(List<Problem> problems, PrintWriter err) {
    err.println(
        "postern: the configuration has "
            + (problems.size() == 1 ? "a problem:" : problems.size() + " problems:"));
    problems.forEach(problem -> err.println("  " + problem));
  }
}
