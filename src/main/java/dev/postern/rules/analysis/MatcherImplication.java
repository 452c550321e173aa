package dev.postern.rules.analysis;

import dev.postern.rules.Rule.Matcher;
import dev.postern.rules.RuleSyntax;
import dev.postern.rules.regexp.GoRegexp;
import dev.postern.rules.regexp.GoRegexpException;
import dev.postern.rules.request.ByteStrings;
import java.util.List;
import java.util.Set;

/// Implications between single matchers, also of different syntaxes.
final class MatcherImplication {
  /// Matchers of version 2 that are true if any of their arguments matches.
  private static final Set<String> ANY_OF =
      Set.of("Host", "HostHeader", "HostRegexp", "Path", "PathPrefix", "Method", "ClientIP");

  private static final Set<String> EVERYTHING =
      Set.of(".*", "^.*", ".*$", "^.*$", "(.*)", "^(.*)$", ".*?", "");

  private MatcherImplication() {}

  /// Whether a matcher matches every ordinary request.
  static boolean isUniversal(Matcher matcher, RuleSyntax syntax) {
    return switch (matcher.name()) {
      case "Host" -> syntax == RuleSyntax.V3 && matcher.arguments().equals(List.of("*"));
      case "HostRegexp", "PathRegexp" ->
          syntax == RuleSyntax.V3 && EVERYTHING.contains(matcher.arguments().getFirst());
      case "PathPrefix" -> matcher.arguments().contains("/");
      default -> false;
    };
  }

  static boolean implies(Matcher narrow, RuleSyntax narrowSyntax, Matcher wide, RuleSyntax syntax) {
    if (narrowSyntax == syntax && narrow.equals(wide)) {
      return true;
    }
    if (syntax == RuleSyntax.V2
        && narrowSyntax == RuleSyntax.V2
        && narrow.name().equals(wide.name())
        && ANY_OF.contains(wide.name())
        && wide.arguments().containsAll(narrow.arguments())) {
      return true;
    }
    return switch (narrow.name()) {
      case "Host", "HostHeader" ->
          narrow.arguments().stream()
              .allMatch(host -> isLiteralHost(host) && takesHost(wide, syntax, lower(host)));
      case "Path" ->
          narrow.arguments().stream()
              .allMatch(path -> isLiteral(path, narrowSyntax) && takesPath(wide, syntax, path));
      case "PathPrefix" ->
          narrow.arguments().stream()
              .allMatch(path -> isLiteral(path, narrowSyntax) && takesPrefix(wide, syntax, path));
      case "Method" ->
          wide.name().equals("Method")
              && wide.arguments().stream()
                  .map(MatcherImplication::lower)
                  .toList()
                  .containsAll(narrow.arguments().stream().map(MatcherImplication::lower).toList());
      default -> false;
    };
  }

  private static boolean isLiteralHost(String host) {
    return host.indexOf('*') < 0 && !host.endsWith(".");
  }

  private static boolean takesHost(Matcher wide, RuleSyntax syntax, String host) {
    return switch (wide.name()) {
      case "Host", "HostHeader" -> wide.arguments().stream().anyMatch(h -> lower(h).equals(host));
      case "HostRegexp" -> syntax == RuleSyntax.V3 && finds(wide.arguments().getFirst(), host);
      default -> false;
    };
  }

  private static boolean takesPath(Matcher wide, RuleSyntax syntax, String path) {
    return switch (wide.name()) {
      case "Path" -> literals(wide, syntax).contains(path);
      case "PathPrefix" -> literals(wide, syntax).stream().anyMatch(path::startsWith);
      case "PathRegexp" -> syntax == RuleSyntax.V3 && finds(wide.arguments().getFirst(), path);
      default -> false;
    };
  }

  private static boolean takesPrefix(Matcher wide, RuleSyntax syntax, String prefix) {
    return wide.name().equals("PathPrefix")
        && literals(wide, syntax).stream().anyMatch(prefix::startsWith);
  }

  private static List<String> literals(Matcher matcher, RuleSyntax syntax) {
    return matcher.arguments().stream().filter(text -> isLiteral(text, syntax)).toList();
  }

  /// In version 2, braces make a path a template.
  static boolean isLiteral(String path, RuleSyntax syntax) {
    return syntax == RuleSyntax.V3 || (path.indexOf('{') < 0 && path.indexOf('}') < 0);
  }

  static boolean finds(String pattern, String text) {
    try {
      return GoRegexp.compile(pattern).find(text);
    } catch (GoRegexpException _) {
      return false;
    }
  }

  private static String lower(String text) {
    return ByteStrings.lowerAscii(text);
  }
}
