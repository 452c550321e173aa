package dev.postern.rules;

import dev.postern.rules.match.CompiledRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reduces a difference from Traefik to a readable one: removes parts of the rule and of the
/// request as long as the two still differ.
final class Shrinker {
  private final Path binary;

  Shrinker(Path binary) {
    this.binary = binary;
  }

  String shrink(Optional<TestedRouter> router, WireRequest request) throws IOException {
    Optional<Rule> whole = router.flatMap(r -> r.compiled().valid()).map(CompiledRule::rule);
    return whole.isEmpty()
        ? "no single rule to blame"
        : shrink(whole.get(), router.orElseThrow().syntax(), request);
  }

  private String shrink(Rule whole, RuleSyntax syntax, WireRequest request) throws IOException {
    Rule rule = whole;
    for (Optional<Rule> next = Optional.of(whole); next.isPresent(); ) {
      rule = next.get();
      next = smaller(rule, syntax, request);
    }
    WireRequest smallest = request;
    for (Optional<WireRequest> next = Optional.of(request); next.isPresent(); ) {
      smallest = next.get();
      next = smallerRequest(rule, syntax, smallest);
    }
    return "smallest: " + syntax + " " + rule.print() + " and " + smallest;
  }

  private Optional<Rule> smaller(Rule rule, RuleSyntax syntax, WireRequest request)
      throws IOException {
    List<Rule> candidates = reductions(rule);
    List<WireRequest> requests = candidates.stream().map(_ -> request).toList();
    return firstDisagreement(candidates, requests, syntax).map(candidates::get);
  }

  private Optional<WireRequest> smallerRequest(Rule rule, RuleSyntax syntax, WireRequest request)
      throws IOException {
    List<WireRequest> requests = reductions(request);
    List<Rule> rules = requests.stream().map(_ -> rule).toList();
    return firstDisagreement(rules, requests, syntax).map(requests::get);
  }

  private Optional<Integer> firstDisagreement(
      List<Rule> rules, List<WireRequest> requests, RuleSyntax syntax) throws IOException {
    List<TestedRouter> routers = new ArrayList<>();
    for (int i = 0; i < rules.size(); i++) {
      routers.add(new TestedRouter(i, i, rules.get(i).print(), syntax));
    }
    if (routers.isEmpty()) {
      return Optional.empty();
    }
    try (TestedTraefik traefik = TestedTraefik.start(binary, routers.size(), routers)) {
      for (int i = 0; i < rules.size(); i++) {
        WireRequest request = requests.get(i);
        if (!traefik.expected(i, request).equals(traefik.actual(i, request))) {
          return Optional.of(i);
        }
      }
    }
    return Optional.empty();
  }

  /// The rules that are one step smaller: a part in place of the whole, or with one term less.
  private static List<Rule> reductions(Rule rule) {
    return switch (rule) {
      case Rule.Matcher matcher -> fewerArguments(matcher);
      case Rule.Not(Rule term) -> {
        List<Rule> result = new ArrayList<>(List.of(term));
        reductions(term).forEach(smaller -> result.add(smaller.negate()));
        yield result;
      }
      case Rule.And(List<Rule> terms) -> terms;
      case Rule.Or(List<Rule> terms) -> terms;
    };
  }

  private static List<Rule> fewerArguments(Rule.Matcher matcher) {
    List<Rule> result = new ArrayList<>();
    for (int i = 0; i < matcher.arguments().size() && matcher.arguments().size() > 1; i++) {
      List<String> fewer = new ArrayList<>(matcher.arguments());
      fewer.remove(i);
      result.add(new Rule.Matcher(matcher.name(), fewer, 1));
    }
    return result;
  }

  private static List<WireRequest> reductions(WireRequest r) {
    List<WireRequest> result = new ArrayList<>();
    for (int i = 0; i < r.headers().size(); i++) {
      var fewer = new ArrayList<>(r.headers());
      fewer.remove(i);
      result.add(new WireRequest(r.method(), r.target(), r.host(), fewer, r.peer()));
    }
    int question = r.target().indexOf('?');
    if (question >= 0) {
      String path = r.target().substring(0, question);
      result.add(new WireRequest(r.method(), path, r.host(), r.headers(), r.peer()));
    }
    if (!r.target().equals("/")) {
      result.add(new WireRequest(r.method(), "/", r.host(), r.headers(), r.peer()));
    }
    if (!r.host().equals("a")) {
      result.add(new WireRequest(r.method(), r.target(), "a", r.headers(), r.peer()));
    }
    return result;
  }
}
