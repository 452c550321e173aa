package dev.postern.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/// Makes rules of both syntaxes: about two thirds of them valid, up to four levels deep, some of
/// them damaged afterwards.
final class RuleGenerator {
  private static final List<String> REGEXPS =
      List.of(
          "^/a",
          "a+",
          "^[a-z]+\\.example\\.com$",
          "(?i)EXAMPLE",
          "^/api/v[0-9]+",
          "b|c",
          "^$",
          ".*",
          "^.$",
          "\\d{2,3}",
          "(?P<n>a)(?P<n>b)?",
          "(?<x>a)",
          "[[:alpha:]]{3}",
          "\\pL+",
          "^\\p{Greek}",
          "[^a-z/]",
          "\\bv1\\b",
          "a{,2}",
          "x{1",
          "[]a]",
          "\\Qa.b",
          "(?s)a.b",
          "a\\x2fb",
          "\\x{e9}",
          "(?i)caf\\x{c9}",
          "^/(?:[^/]*/){2,}",
          "é$",
          "\\/a",
          "(?U)a*?",
          "(?m)^b",
          "[\\d\\-]",
          "^\\W",
          "(a|ab)(c|bcd)*",
          "\\z",
          "^(https?|wss?)$",
          "^http$",
          "^8",
          "(?i)k",
          "[[:^upper:]]",
          "(?)a",
          "()",
          "a||b",
          "^*a",
          "\\b+",
          "[a&&b]",
          "\\_",
          "\\-");
  private static final List<String> BAD_REGEXPS =
      List.of(
          "(",
          ")",
          "[",
          "[z-a]",
          "a**",
          "a{2}{3}",
          "(a{1000}){2}",
          "a{1001}",
          "(?=a)",
          "(?<!a)",
          "\\1",
          "\\C",
          "\\Z",
          "\\e",
          "\\uFFFF",
          "\\cA",
          "(?x)a",
          "(?#c)",
          "*a",
          "\\p{Nope}",
          "[[:nope:]]",
          "(?P<é>a)",
          "a++",
          "\\",
          "\\p{Old_Italic}",
          "(?'n'a)",
          "\\h",
          "[\\b]",
          "x{2,1}",
          "(?i");
  private static final List<String> V3_MATCHERS = RuleSyntax.V3.matchers();
  private static final List<String> V2_MATCHERS = RuleSyntax.V2.matchers();
  private static final List<String> HOSTS =
      List.of(
          "a.example.com",
          "example.com",
          "localhost",
          "*",
          "*.example.com",
          "example.com.",
          "*.com",
          "A.EXAMPLE.com",
          "::1",
          "10.0.0.1",
          "*.",
          "*example.com",
          "a",
          "a:1:2",
          "xn--9t9h.com",
          "%41.example.com",
          "a_b.example.com",
          ".example.com",
          "*.localhost",
          "[::1]",
          "a:x",
          "*.a.example.com",
          "example.com..",
          "fe80::1%25eth0");
  private static final List<String> PATHS =
      List.of(
          "/",
          "/a",
          "/a/b",
          "/a/",
          "/b",
          "/a b",
          "/a%2Fb",
          "/café",
          "/API",
          "/api",
          "/api/v1/items",
          "/a'b",
          "/a%27b",
          "/a|b",
          "/a%25b",
          "/%FF",
          "/a;b",
          "/a+b",
          "/{a}",
          "/a%20b",
          "/a:b@c",
          "/[a]",
          "/a%5Bb",
          "/c");
  private static final List<String> TEMPLATES =
      List.of(
          "{sub:[a-z]+}.example.com",
          "{sub}.example.com",
          "{a:.*}",
          "example.com",
          "{x:(a|b)}.{y}",
          "{h:[^.]+}",
          "(example.com",
          "{a:[a-z]{1,3}}.example.com",
          "[::1]",
          "{p:(?:A)}.EXAMPLE.com");
  private static final List<String> PATH_TEMPLATES =
      List.of(
          "/a{x:(/.*)?}",
          "/{seg}",
          "/{a}/{b}",
          "/css-{n:[0-9]+}/x",
          "/api/{v:v[12]}",
          "/a.b",
          "/{p:.+}",
          "/{p:[^/]+/?}",
          "/{a:x|y|a}",
          "/caf{e:.}");
  private static final List<String> BAD_TEMPLATES =
      List.of("{a", "a}", "{:x}", "{a:}", "{}", "{a:[{]}", "{a:x)|(y}", "{a:(}", "{a:**}");
  private static final List<String> IPS =
      List.of(
          "10.0.0.1",
          "10.0.0.0/8",
          "192.168.1.77/24",
          "::1",
          "fd00::/8",
          "::ffff:10.0.0.1",
          "0.0.0.0/0",
          "::/0",
          "2001:db8::/32",
          "10.0.0.0/08",
          "127.0.0.1/32",
          "::ffff:10.0.0.0/104",
          "::ffff:0:0/90");
  private static final List<String> BAD_IPS =
      List.of(
          "1",
          "10.0.0.0/33",
          "fe80::1%eth0",
          "010.0.0.1",
          "10.0.0",
          "::1/129",
          "/8",
          "10.0.0.1/",
          "1::2::3",
          "::ffff:10.0.0.1/-1",
          "[::1]",
          "10.0.0.1:80",
          " 10.0.0.1",
          "1:2:3:4:5:6:7::8");
  private static final List<String> KEYS = List.of("a", "b", "c", "A", "é", "{k}", "d");
  private static final List<String> VALUES = List.of("b", "c", "x y", "", "1", "café", "B", "b=c");
  private static final List<String> DAMAGES =
      List.of(
          "(", ")", "&&", "||", "!", ",", "`", "\"", "\n", ";", " and ", "x", "1", "&", "|", "-",
          "\u00A0", "...", "/*", "//", "'", "{", "\f", "Host", ".", "[0]", "\uFEFF", "\r\n",
          "/**/");

  private final Random random;

  RuleGenerator(Random random) {
    this.random = random;
  }

  String next(RuleSyntax syntax) {
    String rule = expression(syntax, random.nextInt(5));
    int fate = random.nextInt(100);
    if (fate < 14) {
      int at = random.nextInt(rule.length() + 1);
      return rule.substring(0, at) + pick(DAMAGES) + rule.substring(at);
    }
    if (fate < 18) {
      int at = random.nextInt(rule.length());
      return rule.substring(0, at) + rule.substring(at + 1);
    }
    return rule;
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
      case "Host", "HostHeader" -> several(v3, bad ? List.of("é.com") : HOSTS);
      case "HostRegexp" ->
          v3 ? List.of(regexp(bad)) : several(false, bad ? BAD_TEMPLATES : TEMPLATES);
      case "Path", "PathPrefix" -> path(v3, bad);
      case "PathRegexp" -> List.of(regexp(bad));
      case "Method" -> several(v3, List.of("GET", "get", "POST", "PUT", "X-a", "delete"));
      case "Header", "Headers" ->
          pairs(v3, pick(RequestGenerator.HEADER_NAMES), pick(RequestGenerator.HEADER_VALUES));
      case "HeaderRegexp", "HeadersRegexp" ->
          pairs(v3, pick(RequestGenerator.HEADER_NAMES), regexp(bad));
      case "Query" -> v3 ? query(pick(VALUES)) : v2Query(bad);
      case "QueryRegexp" -> query(regexp(bad));
      case "ClientIP" -> several(v3, bad ? BAD_IPS : IPS);
      default -> throw new IllegalArgumentException(name);
    };
  }

  private String regexp(boolean bad) {
    return pick(bad ? BAD_REGEXPS : REGEXPS);
  }

  private List<String> path(boolean v3, boolean bad) {
    if (bad) {
      return List.of(
          pick(v3 ? List.of("a", "a/", " /a") : List.of("a", "/" + pick(BAD_TEMPLATES))));
    }
    return v3 || random.nextBoolean() ? several(v3, PATHS) : several(false, PATH_TEMPLATES);
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
    return value.isEmpty() ? List.of(pick(KEYS)) : List.of(pick(KEYS), value);
  }

  private List<String> v2Query(boolean bad) {
    List<String> chosen = new ArrayList<>();
    for (int i = 1 + random.nextInt(2); i > 0; i--) {
      String value =
          bad
              ? pick(BAD_TEMPLATES)
              : pick(
                  List.of(
                      "b", "", "{v}", "{v:[a-z]+}", "x y", "{w:.}", "b=c", "café", "{u:(b|c)}"));
      chosen.add(pick(KEYS) + "=" + value);
    }
    return chosen;
  }

  private String pick(List<String> words) {
    return words.get(random.nextInt(words.size()));
  }
}
