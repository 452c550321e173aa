package dev.postern.rules.match;

import dev.postern.rules.regexp.GoRegexp;
import dev.postern.rules.request.ByteStrings;
import dev.postern.rules.request.RuleRequest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// The matchers of Traefik 2 that Traefik 3 still supports (docs/design/traefik.md section 2.5).
final class V2Matchers {
  private V2Matchers() {}

  /// Creates a condition; there is at least one argument, and none is empty.
  static Condition build(String name, List<String> arguments) throws ArgumentException {
    return switch (name) {
      case "Host", "HostHeader" -> host(arguments);
      case "HostRegexp" -> templates(arguments, V2Matchers::hostTemplate, RuleRequest::host);
      case "ClientIP" -> Arguments.clientIp(arguments);
      case "Path" -> templates(arguments, V2Template::path, RuleRequest::routingPath);
      case "PathPrefix" -> templates(arguments, V2Template::pathPrefix, RuleRequest::routingPath);
      case "Method" -> method(arguments);
      case "Headers" -> headers(arguments, Arguments::header);
      case "HeadersRegexp" -> headers(arguments, Arguments::headerRegexp);
      case "Query" -> query(arguments);
      default -> throw new IllegalArgumentException("unknown v2 matcher: " + name);
    };
  }

  private static Condition host(List<String> arguments) throws ArgumentException {
    List<String> hosts = new ArrayList<>();
    for (String argument : arguments) {
      hosts.add(ByteStrings.lowerAscii(Arguments.ascii(argument)));
    }
    return request -> {
      String actual = request.canonicalHost();
      String flattened = request.flattenedHost();
      for (int i = 0; !actual.isEmpty() && i < hosts.size(); i++) {
        String host = hosts.get(i);
        boolean same =
            flattened == null
                ? isHost(actual, host)
                : actual.equalsIgnoreCase(host) || flattened.equalsIgnoreCase(host);
        if (same) {
          return true;
        }
      }
      return false;
    };
  }

  /// Equality that ignores one final dot on either side.
  private static boolean isHost(String actual, String host) {
    int difference = actual.length() - host.length();
    return switch (difference) {
      case 0 -> actual.equals(host);
      case 1 -> actual.endsWith(".") && actual.startsWith(host);
      case -1 -> host.endsWith(".") && host.startsWith(actual);
      default -> false;
    };
  }

  private interface TemplateReader {
    V2Template read(String argument) throws ArgumentException;
  }

  private static V2Template hostTemplate(String argument) throws ArgumentException {
    return V2Template.host(Arguments.ascii(argument));
  }

  private static Condition templates(
      List<String> arguments, TemplateReader reader, Function<RuleRequest, String> part)
      throws ArgumentException {
    List<GoRegexp> regexps = new ArrayList<>();
    for (String argument : arguments) {
      regexps.add(reader.read(argument).regexp());
    }
    return request -> {
      for (GoRegexp regexp : regexps) {
        if (regexp.find(part.apply(request))) {
          return true;
        }
      }
      return false;
    };
  }

  private static Condition method(List<String> arguments) {
    List<String> methods = arguments.stream().map(Arguments::upper).toList();
    return request -> methods.contains(request.method());
  }

  private interface HeaderTest {
    Condition build(String name, String value) throws ArgumentException;
  }

  /// All pairs must match; if two pairs have the same key, only the last one is used.
  private static Condition headers(List<String> arguments, HeaderTest test)
      throws ArgumentException {
    if (arguments.size() % 2 != 0) {
      throw ArgumentException.count("headers must be given as pairs of name and value");
    }
    Map<String, Condition> pairs = new LinkedHashMap<>();
    for (int i = 0; i < arguments.size(); i += 2) {
      pairs.put(arguments.get(i), test.build(arguments.get(i), arguments.get(i + 1)));
    }
    return all(List.copyOf(pairs.values()));
  }

  private static Condition query(List<String> arguments) throws ArgumentException {
    List<String> pieces = new ArrayList<>();
    for (String argument : arguments) {
      int equals = argument.indexOf('=');
      pieces.add(equals < 0 ? argument : argument.substring(0, equals));
      if (equals >= 0) {
        pieces.add(argument.substring(equals + 1));
      }
    }
    if (pieces.size() % 2 != 0) {
      throw ArgumentException.count("a query parameter must be given as name=value");
    }
    List<Condition> pairs = new ArrayList<>();
    Set<String> variables = new HashSet<>();
    for (int i = 0; i < pieces.size(); i += 2) {
      V2Template template = V2Template.query(pieces.get(i) + "=" + pieces.get(i + 1));
      for (String variable : template.variables()) {
        if (variables.contains(variable)) {
          throw ArgumentException.bad("two parameters use the same variable name");
        }
      }
      variables.addAll(template.variables());
      pairs.add(parameter(pieces.get(i), template.regexp()));
    }
    return all(pairs);
  }

  /// The key is the template's text up to its first `=`, and only the first value of the parameter
  /// is used. The expression is matched against both, or against an empty text when the parameter
  /// is absent.
  private static Condition parameter(String piece, GoRegexp regexp) {
    int equals = piece.indexOf('=');
    String key = equals < 0 ? piece : piece.substring(0, equals);
    return request -> regexp.find(request.query().first(key).map(v -> key + "=" + v).orElse(""));
  }

  private static Condition all(List<Condition> conditions) {
    if (conditions.size() == 1) {
      return conditions.getFirst();
    }
    return request -> {
      for (Condition condition : conditions) {
        if (!condition.matches(request)) {
          return false;
        }
      }
      return true;
    };
  }
}
