package dev.postern.rules.match;

import dev.postern.rules.RuleProblem.Kind;
import dev.postern.rules.regexp.GoRegexp;
import dev.postern.rules.regexp.GoRegexpException;
import dev.postern.rules.request.ByteStrings;
import dev.postern.rules.request.IpAddress;
import dev.postern.rules.request.IpNetwork;
import java.util.ArrayList;
import java.util.List;

/// Validation and conversion of arguments, for the matchers of both syntaxes.
final class Arguments {
  private Arguments() {}

  static GoRegexp regexp(String pattern) throws ArgumentException {
    try {
      return GoRegexp.compile(pattern);
    } catch (GoRegexpException e) {
      throw new ArgumentException(
          e.isUnsupported() ? Kind.UNSUPPORTED : Kind.BAD_ARGUMENT, e.message());
    }
  }

  static String ascii(String argument) throws ArgumentException {
    if (!ByteStrings.isAscii(argument)) {
      throw ArgumentException.bad("a host must be ASCII; write other letters as punycode (xn--…)");
    }
    return argument;
  }

  static String path(String argument) throws ArgumentException {
    if (!argument.startsWith("/")) {
      throw ArgumentException.bad("a path must begin with '/'");
    }
    return argument;
  }

  /// Converts each letter to upper case on its own, as Go does: `ß` has no single upper-case letter
  /// and stays.
  static String upper(String argument) {
    StringBuilder upper = new StringBuilder();
    ByteStrings.toText(argument)
        .codePoints()
        .map(Character::toUpperCase)
        .forEach(upper::appendCodePoint);
    return ByteStrings.fromText(upper.toString());
  }

  static Condition clientIp(List<String> arguments) throws ArgumentException {
    List<IpNetwork> networks = new ArrayList<>();
    for (String argument : arguments) {
      IpNetwork network = IpNetwork.parse(argument);
      if (network == null) {
        throw ArgumentException.bad(
            "neither an IP address without zone nor a block like 10.0.0.0/8");
      }
      networks.add(network);
    }
    return request -> {
      IpAddress peer = request.peer();
      if (peer != null) {
        for (IpNetwork network : networks) {
          if (network.contains(peer)) {
            return true;
          }
        }
      }
      return false;
    };
  }

  /// The name in Go's canonical MIME form; a name that is not a valid HTTP token stays unchanged
  /// and never matches.
  static String headerName(String argument) {
    for (int i = 0; i < argument.length(); i++) {
      char c = argument.charAt(i);
      boolean token =
          (c < 0x80 && Character.isLetterOrDigit(c)) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
      if (!token) {
        return argument;
      }
    }
    StringBuilder canonical = new StringBuilder(ByteStrings.lowerAscii(argument));
    for (int i = 0; i < canonical.length(); i++) {
      if ((i == 0 || canonical.charAt(i - 1) == '-')
          && Character.isLowerCase(canonical.charAt(i))) {
        canonical.setCharAt(i, Character.toUpperCase(canonical.charAt(i)));
      }
    }
    return canonical.toString();
  }

  static Condition header(String name, String value) {
    String canonical = headerName(name);
    return request -> request.headerValues(canonical).contains(value);
  }

  static Condition headerRegexp(String name, String pattern) throws ArgumentException {
    String canonical = headerName(name);
    GoRegexp regexp = regexp(pattern);
    return request -> anyMatches(request.headerValues(canonical), regexp);
  }

  static boolean anyMatches(List<String> values, GoRegexp regexp) {
    for (String value : values) {
      if (regexp.find(value)) {
        return true;
      }
    }
    return false;
  }
}
