package dev.postern.config.dynamic.template;

import dev.postern.config.dynamic.template.ActionParser.Value;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// The supported functions of Sprig 3 and Traefik.
final class Functions {
  static final Set<String> NAMES =
      Set.of("env", "default", "quote", "lower", "upper", "trim", "normalize");

  private final Map<String, String> environment;
  private final int line;

  Functions(Map<String, String> environment, int line) {
    this.environment = environment;
    this.line = line;
  }

  /// Calls a function.
  ///
  /// @param name one of [#NAMES]
  Value call(String name, List<Value> arguments) throws TemplateException {
    return switch (name) {
      case "default" -> standard(arguments);
      case "quote" ->
          Value.of(
              arguments.stream()
                  .map(argument -> GoText.quote(argument.text()))
                  .collect(Collectors.joining(" ")));
      case String _ -> Value.of(ofText(name, text(name, arguments)));
    };
  }

  private String ofText(String name, String text) {
    return switch (name) {
      case "env" -> environment.getOrDefault(text, "");
      case "lower" -> GoText.each(text, Character::toLowerCase);
      case "upper" -> GoText.each(text, Character::toUpperCase);
      case "trim" -> GoText.trim(text);
      case String _ -> GoText.normalize(text);
    };
  }

  /// `default`: the first argument replaces the second if that is missing or empty.
  private Value standard(List<Value> arguments) throws TemplateException {
    if (arguments.isEmpty()) {
      throw TemplateException.wrong(line, "has default without a value");
    }
    boolean isGiven = arguments.size() > 1 && !arguments.get(1).isEmpty();
    return arguments.get(isGiven ? 1 : 0);
  }

  private String text(String name, List<Value> arguments) throws TemplateException {
    if (arguments.size() != 1) {
      throw TemplateException.wrong(
          line, "has " + name + " with " + arguments.size() + " values; it takes one");
    }
    if (!arguments.getFirst().isText()) {
      throw TemplateException.wrong(
          line, "has " + name + " with " + arguments.getFirst().text() + ", which is not a string");
    }
    return arguments.getFirst().text();
  }
}
