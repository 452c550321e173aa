package dev.postern.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/// Generates rules of both syntaxes: about two thirds of them valid, up to four levels deep, some
/// of them damaged afterwards.
final class RuleGenerator {
  private static final List<String> V3_MATCHERS = RuleSyntax.V3.matchers();
  private static final List<String> V2_MATCHERS = RuleSyntax.V2.matchers();

  private final Random random;

  RuleGenerator(Random random) {
    this.random = random;
  }

  String next(RuleSyntax syntax) {
    String rule = expression(syntax, random.nextInt(5));
    int fate = random.nextInt(100);
    if (fate < 14) {
      int at = random.nextInt(rule.length() + 1);
      return rule.substring(0, at) + pick(RuleWords.DAMAGES) + rule.substring(at);
    }
    if (fate < 18) {
      int at = random.nextInt(rule.length());
      return rule.substring(0, at) + rule.substring(at + 1);
    }
    return rule;
  }

  /// A rule that mainly consists of host matchers.
  String aboutHosts(RuleSyntax syntax) {
    List<String> terms = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      boolean other = random.nextInt(4) == 0;
      String term = other ? matcher(syntax) : host(syntax);
      terms.add((random.nextInt(12) == 0 ? "!" : "") + term);
    }
    return String.join(random.nextBoolean() ? " && " : " || ", terms);
  }

  private String host(RuleSyntax syntax) {
    String name = random.nextInt(5) == 0 ? "HostRegexp" : "Host";
    return name
        + "("
        + String.join(", ", arguments(name, syntax, false).stream().map(this::literal).toList())
        + ")";
  }

  private String expression(RuleSyntax syntax, int depth) {
    if (depth == 0) {
      return matcher(syntax);
    }
    return switch (random.nextInt(6)) {
      case 0, 1 ->
          expression(syntax, depth - 1) + space() + "&&" + space() + expression(syntax, depth - 1);
      case 2 ->
          expression(syntax, depth - 1) + space() + "||" + space() + expression(syntax, depth - 1);
      case 3 -> "!(" + expression(syntax, depth - 1) + ")";
      case 4 -> "(" + expression(syntax, depth - 1) + ")";
      default -> "!" + expression(syntax, depth - 1);
    };
  }

  private String space() {
    return random.nextInt(12) == 0 ? pick(List.of("", "  ", "\t", " /* c */ ")) : " ";
  }

  private String matcher(RuleSyntax syntax) {
    int fate = random.nextInt(100);
    String name = pick(syntax == RuleSyntax.V3 ? V3_MATCHERS : V2_MATCHERS);
    if (fate < 2) {
      name = pick(random.nextBoolean() ? V3_MATCHERS : V2_MATCHERS);
    }
    List<String> arguments = new ArrayList<>(arguments(name, syntax, random.nextInt(14) == 0));
    if (fate == 3) {
      arguments.clear();
    } else if (fate == 4) {
      arguments.set(random.nextInt(arguments.size()), "");
    } else if (fate == 5) {
      arguments.add("x");
    } else if (fate == 6 && arguments.size() > 1) {
      arguments.removeLast();
    }
    return spelling(name)
        + "("
        + String.join(", ", arguments.stream().map(this::literal).toList())
        + (fate == 7 ? ",)" : ")");
  }

  private String spelling(String name) {
    return switch (random.nextInt(16)) {
      case 0 -> name.toLowerCase(Locale.ROOT);
      case 1 -> name.toUpperCase(Locale.ROOT);
      default -> name;
    };
  }

  private String literal(String value) {
    if (random.nextInt(6) > 0 && value.indexOf('`') < 0) {
      return "`" + value + "`";
    }
    return "\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private List<String> arguments(String name, RuleSyntax syntax, boolean bad) {
    boolean v3 = syntax == RuleSyntax.V3;
    return switch (name) {
      case "Host", "HostHeader" -> several(v3, bad ? List.of("é.com") : RuleWords.HOSTS);
      case "HostRegexp" ->
          v3
              ? List.of(regexp(bad))
              : several(false, bad ? RuleWords.BAD_TEMPLATES : RuleWords.TEMPLATES);
      case "Path", "PathPrefix" -> path(v3, bad);
      case "PathRegexp" -> List.of(regexp(bad));
      case "Method" -> several(v3, List.of("GET", "get", "POST", "PUT", "X-a", "delete"));
      case "Header", "Headers" ->
          pairs(v3, pick(RequestGenerator.HEADER_NAMES), pick(RequestGenerator.HEADER_VALUES));
      case "HeaderRegexp", "HeadersRegexp" ->
          pairs(v3, pick(RequestGenerator.HEADER_NAMES), regexp(bad));
      case "Query" -> v3 ? query(pick(RuleWords.VALUES)) : v2Query(bad);
      case "QueryRegexp" -> query(regexp(bad));
      case "ClientIP" -> several(v3, bad ? RuleWords.BAD_IPS : RuleWords.IPS);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private String regexp(boolean bad) {
    return pick(bad ? RuleWords.BAD_REGEXPS : RuleWords.REGEXPS);
  }

  private List<String> path(boolean v3, boolean bad) {
    if (bad) {
      return List.of(
          pick(v3 ? List.of("a", "a/", " /a") : List.of("a", "/" + pick(RuleWords.BAD_TEMPLATES))));
    }
    return v3 || random.nextBoolean()
        ? several(v3, RuleWords.PATHS)
        : several(false, RuleWords.PATH_TEMPLATES);
  }

  private List<String> several(boolean one, List<String> words) {
    List<String> chosen = new ArrayList<>();
    for (int i = one ? 1 : 1 + random.nextInt(3); i > 0; i--) {
      chosen.add(pick(words));
    }
    return chosen;
  }

  private List<String> pairs(boolean one, String key, String value) {
    List<String> chosen = new ArrayList<>(List.of(key, value));
    if (!one && random.nextInt(3) == 0) {
      chosen.add(pick(RequestGenerator.HEADER_NAMES));
      chosen.add(pick(RequestGenerator.HEADER_VALUES));
    }
    return chosen;
  }

  private List<String> query(String value) {
    return value.isEmpty() ? List.of(pick(RuleWords.KEYS)) : List.of(pick(RuleWords.KEYS), value);
  }

  private List<String> v2Query(boolean bad) {
    List<String> chosen = new ArrayList<>();
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      String value =
          bad
              ? pick(RuleWords.BAD_TEMPLATES)
              : pick(
                  List.of(
                      "b", "", "{v}", "{v:[a-z]+}", "x y", "{w:.}", "b=c", "café", "{u:(b|c)}"));
      chosen.add(pick(RuleWords.KEYS) + "=" + value);
    }
    return chosen;
  }

  private String pick(List<String> words) {
    return words.get(random.nextInt(words.size()));
  }
}
