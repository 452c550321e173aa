package dev.postern.rules.analysis;

import dev.postern.rules.Rule;
import dev.postern.rules.Rule.And;
import dev.postern.rules.Rule.Matcher;
import dev.postern.rules.Rule.Not;
import dev.postern.rules.Rule.Or;
import dev.postern.rules.RuleSyntax;
import dev.postern.rules.match.RuleCompiler;
import dev.postern.rules.request.ByteStrings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// Translates rules of Traefik 2 to Traefik 3, as far as possible.
public final class Templates {
  private static final Pattern VARIABLE =
      Pattern.compile("(?<!\\\\[pPx])\\{[A-Za-z_][A-Za-z0-9_-]*[:}]");
  private static final String SPECIAL = "\\.+*?()|[]{}^$";
  private static final int MAX_DEPTH = 200;

  private Templates() {}

  /// Whether a matcher of version 3 contains braces that only version 2 treats as a template.
  public static boolean isTemplate(Matcher matcher) {
    return switch (matcher.name()) {
      case "Host", "HostRegexp", "Path", "PathPrefix" ->
          matcher.arguments().stream().anyMatch(text -> VARIABLE.matcher(text).find());
      default -> false;
    };
  }

  /// Translates a rule of version 2 to version 3.
  ///
  /// @param text a rule that is valid in version 2, or was meant to be
  /// @return the same rule in version 3, or empty if there is no equivalent
  public static Optional<String> inV3(String text) {
    return RuleCompiler.compile(text, RuleSyntax.V2)
        .valid()
        .flatMap(compiled -> converted(compiled.rule(), 0))
        .map(Rule::print)
        .filter(rule -> RuleCompiler.compile(rule, RuleSyntax.V3).valid().isPresent());
  }

  private static Optional<Rule> converted(Rule rule, int depth) {
    if (depth > MAX_DEPTH) {
      return Optional.empty();
    }
    return switch (rule) {
      case Matcher matcher -> matcher(matcher);
      case Not(Rule term) -> converted(term, depth + 1).map(Rule::negate);
      case And(List<Rule> terms) -> all(terms, depth).map(And::new);
      case Or(List<Rule> terms) -> all(terms, depth).map(Or::new);
    };
  }

  private static Optional<List<Rule>> all(List<Rule> terms, int depth) {
    List<Rule> converted = new ArrayList<>();
    terms.forEach(term -> converted(term, depth + 1).ifPresent(converted::add));
    return converted.size() == terms.size() ? Optional.of(converted) : Optional.empty();
  }

  private static Optional<Rule> matcher(Matcher matcher) {
    List<Rule> terms = new ArrayList<>();
    List<String> arguments = matcher.arguments();
    switch (matcher.name()) {
      case "Host", "HostHeader" -> {
        if (arguments.stream().anyMatch(host -> host.indexOf('*') >= 0)) {
          // Matches one character in version 2, but a whole label in version 3.
          return Optional.empty();
        }
        arguments.forEach(host -> terms.add(of("Host", host)));
      }
      case "HostRegexp" -> arguments.forEach(template -> terms.add(host(template)));
      case "Path" -> arguments.forEach(template -> terms.add(path("Path", template, "$")));
      case "PathPrefix" ->
          arguments.forEach(template -> terms.add(path("PathPrefix", template, "")));
      case "Method", "ClientIP" ->
          arguments.forEach(argument -> terms.add(of(matcher.name(), argument)));
      case "Headers", "HeadersRegexp" -> {
        String name = matcher.name().equals("Headers") ? "Header" : "HeaderRegexp";
        // If two pairs have the same key, only the last one is used.
        Map<String, Rule> pairs = new LinkedHashMap<>();
        for (int i = 0; i + 1 < arguments.size(); i += 2) {
          pairs.put(arguments.get(i), new Matcher(name, arguments.subList(i, i + 2), 1));
        }
        terms.addAll(pairs.values());
        return Optional.of(terms.size() == 1 ? terms.getFirst() : new And(terms));
      }
      default -> {
        return Optional.empty();
      }
    }
    return Optional.of(terms.size() == 1 ? terms.getFirst() : new Or(terms));
  }

  private static Rule of(String name, String argument) {
    return new Matcher(name, List.of(argument), 1);
  }

  private static Rule host(String template) {
    if (template.indexOf('{') < 0) {
      return of("Host", template);
    }
    String pattern = pattern(template, "[^.]+");
    boolean isLower = ByteStrings.lowerAscii(pattern).equals(pattern);
    return of("HostRegexp", (isLower ? "" : "(?i)") + "^" + pattern + "$");
  }

  private static Rule path(String name, String template, String end) {
    return template.indexOf('{') < 0
        ? of(name, template)
        : of("PathRegexp", "^" + pattern(template, "[^/]+") + end);
  }

  /// The regular expression of a template with balanced braces.
  private static String pattern(String template, String any) {
    StringBuilder pattern = new StringBuilder();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < template.length(); i++) {
      char c = template.charAt(i);
      if (c == '{' && depth++ == 0) {
        from = i + 1;
      } else if (c == '}' && --depth == 0) {
        String inside = template.substring(from, i);
        int colon = inside.indexOf(':');
        String expression = colon < 0 ? any : inside.substring(colon + 1);
        pattern.append(expression.indexOf('|') < 0 ? expression : "(?:" + expression + ")");
      } else if (depth == 0) {
        pattern.append(SPECIAL.indexOf(c) >= 0 ? "\\" : "").append(c);
      }
    }
    return pattern.toString();
  }
}
