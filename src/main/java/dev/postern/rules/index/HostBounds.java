package dev.postern.rules.index;

import dev.postern.rules.Rule;
import dev.postern.rules.Rule.And;
import dev.postern.rules.Rule.Matcher;
import dev.postern.rules.Rule.Not;
import dev.postern.rules.Rule.Or;
import dev.postern.rules.request.ByteStrings;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The hosts that a rule can match.
///
/// @param hosts the hosts in lower case without a final dot; empty when [#limited] is false
/// @param limited whether the rule matches no other host
/// @param sufficient whether the rule matches every request to one of these hosts
public record HostBounds(Set<String> hosts, boolean limited, boolean sufficient) {
  private static final HostBounds NONE = new HostBounds(Set.of(), false, false);

  /// Rules can be nested 100,000 levels deep; deeper parts than this are ignored.
  private static final int MAX_DEPTH = 16;

  public HostBounds {
    hosts = Set.copyOf(hosts);
  }

  /// Derives the hosts from a rule. Works for both syntaxes: their `Host` matchers agree on names
  /// without a star.
  public static HostBounds of(Rule rule) {
    return of(rule, 0);
  }

  /// The form in which hosts are compared: lower case, without one final dot.
  ///
  /// @param canonicalHost a host without its port
  public static String plain(String canonicalHost) {
    String lower = ByteStrings.lowerAscii(canonicalHost);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  private static HostBounds of(Rule rule, int depth) {
    if (depth > MAX_DEPTH) {
      return NONE;
    }
    return switch (rule) {
      case Matcher matcher -> ofMatcher(matcher);
      case And(List<Rule> terms) -> ofAll(terms, depth);
      case Or(List<Rule> terms) -> ofAny(terms, depth);
      case Not _ -> NONE;
    };
  }

  private static HostBounds ofMatcher(Matcher matcher) {
    boolean isHost = matcher.name().equals("Host") || matcher.name().equals("HostHeader");
    if (!isHost || matcher.arguments().stream().anyMatch(host -> host.indexOf('*') >= 0)) {
      return NONE;
    }
    Set<String> hosts = new HashSet<>();
    matcher.arguments().forEach(host -> hosts.add(plain(host)));
    // A name with two final dots, and one that is only a dot, match by special rules.
    boolean odd = matcher.arguments().stream().anyMatch(host -> host.endsWith(".."));
    return odd || hosts.contains("") ? NONE : new HostBounds(hosts, true, true);
  }

  private static HostBounds ofAll(List<Rule> terms, int depth) {
    Set<String> common = null;
    boolean sufficient = true;
    for (Rule term : terms) {
      HostBounds bounds = of(term, depth + 1);
      sufficient &= bounds.sufficient();
      if (bounds.limited()) {
        if (common == null) {
          common = new HashSet<>(bounds.hosts());
        } else {
          common.retainAll(bounds.hosts());
        }
      }
    }
    return common == null ? NONE : new HostBounds(common, true, sufficient);
  }

  private static HostBounds ofAny(List<Rule> terms, int depth) {
    Set<String> any = new HashSet<>();
    boolean sufficient = true;
    for (Rule term : terms) {
      HostBounds bounds = of(term, depth + 1);
      if (!bounds.limited()) {
        return NONE;
      }
      sufficient &= bounds.sufficient();
      any.addAll(bounds.hosts());
    }
    return new HostBounds(any, true, sufficient);
  }
}
