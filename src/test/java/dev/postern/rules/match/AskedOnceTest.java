package dev.postern.rules.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.rules.RuleSyntax;
import dev.postern.rules.request.RuleRequest;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/// A costly rule is evaluated once per request, for all its callers together (invariant 12).
class AskedOnceTest {
  private final AtomicInteger looks = new AtomicInteger();

  private RuleRequest request() {
    return new RuleRequest("GET", "a", null, "/", "", this::values, null);
  }

  private List<String> values(String name) {
    looks.incrementAndGet();
    return List.of("x");
  }

  private static CompiledRule rule(String text, RuleSyntax syntax) {
    return RuleCompiler.compile(text, syntax).valid().orElseThrow();
  }

  @Test
  void matches_calledAgain_evaluatesNothing() {
    for (CompiledRule rule :
        List.of(
            rule("HeaderRegexp(`X-A`, `^x$`)", RuleSyntax.V3),
            rule("HeadersRegexp(`X-A`, `^x$`)", RuleSyntax.V2),
            rule("!HeaderRegexp(`X-A`, `^y$`)", RuleSyntax.V3))) {
      looks.set(0);
      RuleRequest request = request();
      assertThat(rule.matches(request)).isTrue();
      assertThat(rule.matches(request)).isTrue();
      assertThat(looks).hasValue(1);
      assertThat(rule.matches(request())).isTrue();
      assertThat(looks).as("another request").hasValue(2);
    }
  }
}
