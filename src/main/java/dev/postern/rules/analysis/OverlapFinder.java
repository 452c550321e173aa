package dev.postern.rules.analysis;

import dev.postern.rules.Rule;
import dev.postern.rules.Rule.Matcher;
import dev.postern.rules.RuleSyntax;
import dev.postern.rules.match.CompiledRule;
import dev.postern.rules.request.ByteStrings;
import dev.postern.rules.request.IpAddress;
import dev.postern.rules.request.RuleRequest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Finds a request that two rules both match, by trying values that occur in the rules.
public final class OverlapFinder {
  private static final int MAX_TRIES = 600;

  private final Set<String> hosts = new LinkedHashSet<>();
  private final Set<String> paths = new LinkedHashSet<>(List.of("/"));
  private final Set<String> methods = new LinkedHashSet<>(List.of("GET"));
  private final Set<String> peers = new LinkedHashSet<>();
  private final Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private final List<String> query = new ArrayList<>();

  private OverlapFinder() {}

  /// Searches for such a request.
  ///
  /// @return the request as text, or empty when none was found
  public static Optional<String> of(
      CompiledRule one, RuleSyntax oneSyntax, CompiledRule other, RuleSyntax otherSyntax) {
    OverlapFinder meeting = new OverlapFinder();
    meeting.collect(one.rule(), oneSyntax);
    meeting.collect(other.rule(), otherSyntax);
    meeting.hosts.add("host.example.org");
    meeting.peers.add("192.0.2.1");
    return meeting.find(one, other);
  }

  private void collect(Rule rule, RuleSyntax syntax) {
    for (Matcher matcher : rule.leaves()) {
      List<String> arguments = matcher.arguments();
      switch (matcher.name()) {
        case "Host", "HostHeader" ->
            arguments.forEach(host -> hosts.add(ByteStrings.lowerAscii(host).replace('*', 'a')));
        case "Path", "PathPrefix" ->
            arguments.stream()
                .filter(path -> MatcherImplication.isLiteral(path, syntax))
                .forEach(paths::add);
        case "Method" -> arguments.forEach(method -> methods.add(upper(method)));
        case "ClientIP" -> arguments.forEach(net -> peers.add(net.replaceFirst("/.*", "")));
        case "Header" -> header(arguments.getFirst(), arguments.getLast());
        case "Headers" -> {
          for (int i = 0; i + 1 < arguments.size(); i += 2) {
            header(arguments.get(i), arguments.get(i + 1));
          }
        }
        case "Query" ->
            query.add(
                syntax == RuleSyntax.V3
                    ? String.join("=", arguments)
                    : String.join("&", arguments));
        default -> {}
      }
    }
  }

  private static String upper(String method) {
    return method.toUpperCase(Locale.ROOT);
  }

  private void header(String name, String value) {
    headers.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
  }

  private Optional<String> find(CompiledRule one, CompiledRule other) {
    int tries = 0;
    for (String host : hosts) {
      for (String path : paths) {
        for (String method : methods) {
          for (String peer : peers) {
            for (boolean isBare : List.of(true, false)) {
              if (++tries > MAX_TRIES) {
                return Optional.empty();
              }
              RuleRequest request = request(host, path, method, peer, isBare);
              if (one.matches(request) && other.matches(request)) {
                return Optional.of(method + " https://" + host + path);
              }
            }
          }
        }
      }
    }
    return Optional.empty();
  }

  private RuleRequest request(
      String host, String path, String method, String peer, boolean isBare) {
    @Nullable IpAddress address = IpAddress.ofPeer(peer);
    return new RuleRequest(
        method,
        host,
        null,
        path,
        isBare ? "" : String.join("&", query),
        name -> isBare ? List.of() : headers.getOrDefault(name, List.of()),
        address);
  }
}
