package dev.postern.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.postern.rules.match.CompiledRule;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// Compares this component with a real Traefik: whether the rule is valid, the kind of mistake, and
/// the router of a request. The seed is the system property `postern.seed`.
class DifferentialTest {
  private static final long SEED = Long.getLong("postern.seed", 20261124);
  private static final int BATCHES = Integer.getInteger("postern.batches", 4);
  private static final int ENTRY_POINTS = 170;
  private static final int RULES_EACH = 3;
  private static final int REQUESTS_EACH = 25;

  private final Map<String, Integer> histogram = new TreeMap<>();

  @Test
  void rulesAndRequests_generated_agreeWithRealTraefik() throws Exception {
    Path binary = binary();
    for (int batch = 0; batch < BATCHES; batch++) {
      compare(binary, new Random(SEED + batch));
    }
    print();
    assertThat(histogram.get("rules")).isGreaterThanOrEqualTo(500 * BATCHES);
    assertThat(share("rules: invalid", "rules")).isBetween(25, 45);
    assertThat(share("requests: matched", "requests")).isBetween(30, 70);
  }

  static Path binary() {
    Optional<Path> binary = Traefik.binary();
    if (binary.isEmpty() && "true".equals(System.getenv("CI"))) {
      fail("no Traefik: name one with -Dpostern.traefik=… or put one on the PATH");
    }
    assumeTrue(
        binary.isPresent(),
        "skipped: no Traefik; name one with -Dpostern.traefik=… or put one on the PATH");
    return binary.orElseThrow();
  }

  private void compare(Path binary, Random random) throws Exception {
    RuleGenerator rules = new RuleGenerator(random);
    List<TestedRouter> routers = new ArrayList<>();
    for (int i = 0; i < ENTRY_POINTS * RULES_EACH; i++) {
      RuleSyntax syntax = i % 2 == 0 ? RuleSyntax.V3 : RuleSyntax.V2;
      TestedRouter router = new TestedRouter(i, i / RULES_EACH, rules.next(syntax), syntax);
      routers.add(router);
      count(router);
    }
    RequestGenerator requests = new RequestGenerator(random);
    try (TestedTraefik traefik = TestedTraefik.start(binary, ENTRY_POINTS, routers)) {
      traefik.checkValidity();
      for (int entryPoint = 0; entryPoint < ENTRY_POINTS; entryPoint++) {
        for (int i = 0; i < REQUESTS_EACH; i++) {
          compare(binary, traefik, entryPoint, requests.next());
        }
      }
    }
  }

  private void compare(Path binary, TestedTraefik traefik, int entryPoint, WireRequest request)
      throws IOException {
    String expected = traefik.expected(entryPoint, request);
    String actual = traefik.actual(entryPoint, request);
    add("requests");
    add("requests: " + (expected.startsWith("r") ? "matched" : "answered " + expected));
    if (!expected.equals(actual)) {
      fail(
          "%s: expected %s, Traefik says %s%n%s",
          request,
          expected,
          actual,
          new Shrinker(binary).shrink(traefik.culprit(expected, actual), request));
    }
  }

  private void count(TestedRouter router) {
    add("rules");
    add("rules: " + router.syntax());
    Optional<RuleProblem> problem = router.compiled().invalid();
    add(problem.isPresent() ? "rules: invalid" : "rules: valid");
    problem.ifPresent(p -> add("rules: invalid: " + p.kind().text()));
    router.compiled().valid().map(CompiledRule::rule).ifPresent(this::count);
    for (String matcher : router.syntax().matchers()) {
      if (router.rule().contains(matcher + "(")) {
        add("rules with matcher: " + router.syntax() + " " + matcher);
      }
    }
  }

  private void count(Rule rule) {
    add("rules: valid, depth " + depth(rule));
  }

  private static int depth(Rule rule) {
    return switch (rule) {
      case Rule.Matcher _ -> 0;
      case Rule.Not(Rule term) -> 1 + depth(term);
      case Rule.And(List<Rule> terms) -> 1 + terms.stream().mapToInt(t -> depth(t)).max().orElse(0);
      case Rule.Or(List<Rule> terms) -> 1 + terms.stream().mapToInt(t -> depth(t)).max().orElse(0);
    };
  }

  private void add(String key) {
    histogram.merge(key, 1, Integer::sum);
  }

  private int share(String part, String whole) {
    return 100 * histogram.getOrDefault(part, 0) / histogram.getOrDefault(whole, 1);
  }

  private void print() {
    StringBuilder lines = new StringBuilder("seed " + SEED);
    histogram.forEach((key, number) -> lines.append("\n%6d %s".formatted(number, key)));
    LoggerFactory.getLogger(DifferentialTest.class).info("{}", lines);
  }
}
