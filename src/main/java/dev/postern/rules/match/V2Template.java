package dev.postern.rules.match;

import dev.postern.rules.regexp.GoRegexp;
import java.util.ArrayList;
import java.util.List;

/// A template of Traefik 2: text with regular expressions as `{name}` and `{name:pattern}`
/// (docs/design/traefik.md section 2.5). Braces are special everywhere, also in classes and after
/// backslashes.
///
/// @param regexp the whole template as one expression
/// @param variables the names in braces
record V2Template(GoRegexp regexp, List<String> variables) {
  private static final String SPECIAL = "\\.+*?()|[]{}^$";

  static V2Template host(String template) throws ArgumentException {
    return compile(template, "(?i)^", "[^.]+", "$");
  }

  static V2Template path(String template) throws ArgumentException {
    return compile(Arguments.path(template), "^", "[^/]+", "$");
  }

  static V2Template pathPrefix(String template) throws ArgumentException {
    return compile(Arguments.path(template), "^", "[^/]+", "");
  }

  /// Compiles the template of one pair of a `Query` matcher.
  ///
  /// @param pair key and value joined by `=`
  static V2Template query(String pair) throws ArgumentException {
    return compile(pair, "^", ".*", pair.indexOf('=') == pair.length() - 1 ? ".*$" : "$");
  }

  private static V2Template compile(String template, String start, String any, String end)
      throws ArgumentException {
    StringBuilder pattern = new StringBuilder(start);
    List<String> variables = new ArrayList<>();
    int depth = 0;
    int from = 0;
    for (int i = 0; i < template.length(); i++) {
      char c = template.charAt(i);
      if (c == '{' && depth++ == 0) {
        quote(template.substring(from, i), pattern);
        from = i + 1;
      } else if (c == '}') {
        depth--;
        if (depth == 0) {
          variables.add(variable(template.substring(from, i), any, pattern));
          from = i + 1;
        }
      }
      if (depth < 0) {
        break;
      }
    }
    if (depth != 0) {
      throw ArgumentException.bad("the braces of the template are not balanced");
    }
    quote(template.substring(from), pattern);
    return new V2Template(Arguments.regexp(pattern.append(end).toString()), variables);
  }

  private static String variable(String inside, String any, StringBuilder pattern)
      throws ArgumentException {
    int colon = inside.indexOf(':');
    String name = colon < 0 ? inside : inside.substring(0, colon);
    String expression = colon < 0 ? any : inside.substring(colon + 1);
    if (name.isEmpty() || expression.isEmpty()) {
      throw ArgumentException.bad(
          "braces must contain a name, or a name, a colon and a regular expression");
    }
    Arguments.regexp("^" + expression + "$");
    pattern.append('(').append(expression).append(')');
    return name;
  }

  private static void quote(String literal, StringBuilder pattern) {
    for (int i = 0; i < literal.length(); i++) {
      if (SPECIAL.indexOf(literal.charAt(i)) >= 0) {
        pattern.append('\\');
      }
      pattern.append(literal.charAt(i));
    }
  }
}
