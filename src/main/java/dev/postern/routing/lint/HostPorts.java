package dev.postern.routing.lint;

import dev.postern.rules.Rule;
import dev.postern.rules.Rule.Matcher;
import dev.postern.rules.request.CanonicalHost;
import java.util.List;
import java.util.stream.Stream;

/// Finds ports in host rules. They never match, because Traefik removes the port before it compares
/// (docs/design/traefik.md section 0, stage 8).
final class HostPorts {
  /// A mistake in one matcher.
  ///
  /// @param message a sentence about the rule, including the correction
  /// @param column position of the matcher, from 1
  record Found(String message, int column) {}

  private HostPorts() {}

  static List<Found> in(Rule rule) {
    return rule.leaves().stream()
        .filter(leaf -> leaf.name().equals("Host") || leaf.name().equals("HostHeader"))
        .flatMap(HostPorts::inMatcher)
        .toList();
  }

  private static Stream<Found> inMatcher(Matcher matcher) {
    return matcher.arguments().stream()
        .filter(HostPorts::hasPort)
        .map(host ->
            new Found(
                "%1$s(`%2$s`) has a port, but Traefik compares hosts without their port, so it never matches; write %1$s(`%3$s`), which matches every port"
                    .formatted(matcher.name(), host, CanonicalHost.withoutPort(host)),
                matcher.column()));
  }

  private static boolean hasPort(String host) {
    return host.matches(".*:\\d+") && !CanonicalHost.withoutPort(host).equals(host);
  }
}
