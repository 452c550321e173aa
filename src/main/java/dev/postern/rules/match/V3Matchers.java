package dev.postern.rules.match;

import dev.postern.rules.regexp.GoRegexp;
import dev.postern.rules.request.ByteStrings;
import java.util.List;

/// The matchers of Traefik 3 (docs/design/traefik.md section 2.3).
final class V3Matchers {
  private V3Matchers() {}

  /// Creates a condition; no argument is empty.
  static Condition build(String name, List<String> arguments) throws ArgumentException {
    checkCount(name, arguments.size());
    String first = arguments.getFirst();
    String last = arguments.getLast();
    return switch (name) {
      case "ClientIP" -> Arguments.clientIp(arguments);
      case "Method" -> method(first);
      case "Host" -> host(first);
      case "HostRegexp" -> hostRegexp(first);
      case "Path" -> path(first);
      case "PathRegexp" -> pathRegexp(first);
      case "PathPrefix" -> pathPrefix(first);
      case "Header" -> Arguments.header(first, last);
      case "HeaderRegexp" -> Arguments.headerRegexp(first, last);
      case "Query" -> query(first, arguments.size() == 2 ? last : "");
      case "QueryRegexp" -> arguments.size() == 2 ? queryRegexp(first, last) : query(first, "");
      default -> throw new IllegalArgumentException("unknown v3 matcher: " + name);
    };
  }

  private static void checkCount(String name, int count) throws ArgumentException {
    boolean right =
        switch (name) {
          case "Header", "HeaderRegexp" -> count == 2;
          case "Query", "QueryRegexp" -> count <= 2;
          default -> count == 1;
        };
    if (!right) {
      throw ArgumentException.count(
          switch (name) {
            case "Header", "HeaderRegexp" -> name + " takes a name and a value";
            case "Query", "QueryRegexp" -> name + " takes a name and at most one value";
            default -> name + " takes one argument; join several matchers with ||";
          });
    }
  }

  private static Condition method(String argument) {
    String method = Arguments.upper(argument);
    return request -> request.method().equals(method);
  }

  private static Condition host(String argument) throws ArgumentException {
    String host = ByteStrings.lowerAscii(Arguments.ascii(argument));
    if (host.equals("*")) {
      return _ -> true;
    }
    String undotted = host.endsWith(".") ? host.substring(0, host.length() - 1) : null;
    return request -> {
      String actual = request.canonicalHost();
      if (actual.isEmpty()) {
        return false;
      }
      int length = actual.length();
      if (isHost(actual, length, host)) {
        return true;
      }
      String flattened = request.flattenedHost();
      if (flattened != null) {
        return isHost(flattened, flattened.length(), host);
      }
      return (undotted != null && isHost(actual, length, undotted))
          || (actual.charAt(length - 1) == '.' && isHost(actual, length - 1, host));
    };
  }

  /// Compares the first `length` characters of a host with an argument; a leading `*` of the
  /// argument matches the host's first label. Allocates nothing.
  private static boolean isHost(String actual, int length, String expected) {
    if (!expected.startsWith("*")) {
      return length == expected.length() && actual.regionMatches(true, 0, expected, 0, length);
    }
    int dot = actual.indexOf('.');
    int start = dot < 0 || dot > length ? length : dot;
    int tail = length - start;
    return expected.length() == tail + 1 && actual.regionMatches(true, start, expected, 1, tail);
  }

  private static Condition hostRegexp(String argument) throws ArgumentException {
    GoRegexp regexp = Arguments.regexp(Arguments.ascii(argument));
    boolean matchesEmpty = regexp.find("");
    String end = LiteralEnd.of(argument);
    return request -> {
      String flattened = request.flattenedHost();
      String actual = request.canonicalHost();
      return (actual.endsWith(end) && regexp.find(actual))
          || (flattened == null ? matchesEmpty : regexp.find(flattened));
    };
  }

  private static Condition path(String argument) throws ArgumentException {
    String path = Arguments.path(argument);
    return request -> request.routingPath().equals(path);
  }

  private static Condition pathPrefix(String argument) throws ArgumentException {
    String prefix = Arguments.path(argument);
    return request -> request.routingPath().startsWith(prefix);
  }

  private static Condition pathRegexp(String argument) throws ArgumentException {
    GoRegexp regexp = Arguments.regexp(argument);
    return request -> regexp.find(request.routingPath());
  }

  private static Condition query(String key, String value) {
    return request -> request.query().values(key).contains(value);
  }

  private static Condition queryRegexp(String key, String pattern) throws ArgumentException {
    GoRegexp regexp = Arguments.regexp(pattern);
    return request -> Arguments.anyMatches(request.query().values(key), regexp);
  }
}
