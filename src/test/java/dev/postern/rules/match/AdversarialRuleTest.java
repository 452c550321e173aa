package dev.postern.rules.match;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.postern.rules.Rule;
import dev.postern.rules.RuleProblem;
import dev.postern.rules.RuleProblem.Kind;
import dev.postern.rules.RuleSyntax;
import dev.postern.rules.parse.RuleParser;
import dev.postern.rules.request.RuleRequest;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Rules that are as large or as deep as Traefik accepts, on a thread with a small stack.
class AdversarialRuleTest {
  private static final RuleRequest ON_A = request("a");

  private static RuleRequest request(String host) {
    return new RuleRequest("GET", host, null, "/", "", _ -> List.of(), null);
  }

  static Stream<Arguments> deepRules() {
    return Stream.of(
        Arguments.of("parentheses", nested("(", "Host(`a`)", ")", 99_990), true),
        Arguments.of("negations", nested("!", "Host(`a`)", "", 99_990), true),
        Arguments.of("odd negations", nested("!", "Host(`a`)", "", 99_991), false),
        Arguments.of("negated groups", nested("!(", "Host(`a`)", ")", 49_990), true),
        Arguments.of("conjunction", nested("Host(`a`) && ", "Host(`a`)", "", 20_000), true),
        Arguments.of("disjunction", nested("Host(`b`) || ", "Host(`a`)", "", 99_000), true),
        Arguments.of("right", nested("Host(`a`) && (", "Host(`b`)", ")", 30_000), false),
        Arguments.of("left", nested("(", "Host(`a`)", " || Host(`b`))", 90_000), true),
        Arguments.of(
            "mixed", nested("!(Host(`b`) || Host(`a`) && ", "Host(`b`)", ")", 24_000), false));
  }

  private static String nested(String before, String inside, String after, int depth) {
    return before.repeat(depth) + inside + after.repeat(depth);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("deepRules")
  void everything_deepRule_needsNoStack(String name, String text, boolean match) throws Exception {
    onSmallStack(() -> {
      CompiledRule compiled = RuleCompiler.compile(text, RuleSyntax.V3).valid().orElseThrow();
      assertThat(compiled.matches(ON_A)).isEqualTo(match);
      Rule rule = compiled.rule();
      Rule again = RuleParser.parse(rule.print(), RuleSyntax.V3).valid().orElseThrow();
      assertThat(again.equals(rule)).isTrue();
      assertThat(again.hashCode()).isEqualTo(rule.hashCode());
    });
  }

  static Stream<String> tooDeep() {
    return Stream.of(
        nested("(", "Host(`a`)", ")", 100_001),
        nested("!", "Host(`a`)", "", 100_001),
        nested("Host(`a`) && ", "Host(`a`)", "", 100_001),
        nested("Host(", "`a`", ")", 60_000),
        "(".repeat(1_000_000),
        "!".repeat(1_000_000),
        "x[".repeat(500_000),
        "Host(".repeat(500_000));
  }

  @ParameterizedTest
  @MethodSource("tooDeep")
  void parse_deeperThanGo_isASyntaxError(String text) throws Exception {
    onSmallStack(() ->
        assertThat(RuleParser.parse(text, RuleSyntax.V3).invalid().map(RuleProblem::kind))
            .contains(Kind.SYNTAX));
  }

  @Test
  void compile_manyAlternatives_workOrAreUnsupported() throws Exception {
    String hosts =
        IntStream.range(0, 2_000)
            .mapToObj(i -> Integer.toString(i * 7919, 36) + "\\.example\\.com")
            .collect(Collectors.joining("|"));
    onSmallStack(() -> {
      String rule = "HostRegexp(`^(" + hosts + ")$`)";
      CompiledRule compiled = RuleCompiler.compile(rule, RuleSyntax.V3).valid().orElseThrow();
      assertThat(compiled.matches(request("0.example.com"))).isTrue();
      assertThat(compiled.matches(request("zzzzzz.example.com"))).isFalse();
      String larger = "HostRegexp(`" + (hosts + "|").repeat(5) + "x`)";
      assertThat(RuleCompiler.compile(larger, RuleSyntax.V3).invalid().map(RuleProblem::kind))
          .contains(Kind.UNSUPPORTED);
    });
  }

  @ParameterizedTest
  @EnumSource(RuleSyntax.class)
  void matches_host_allocatesNothing(RuleSyntax syntax) {
    List<String> rules =
        List.of(
            "Host(`other.example.com`)",
            "Host(`A.Example.com`)",
            "Host(`*.example.com`)",
            "Host(`a.example.com.`) || Host(`b`) && !Host(`c`)");
    RuleRequest request = request("a.example.com");
    for (String rule : rules) {
      CompiledRule compiled = RuleCompiler.compile(rule, syntax).valid().orElseThrow();
      assertThat(allocated(compiled, request)).as(rule).isLessThan(10_000);
    }
  }

  /// Bytes allocated by ten thousand evaluations; a single object in each would need at least
  /// 160,000.
  private static long allocated(CompiledRule compiled, RuleRequest request) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    compiled.matches(request);
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 10_000; i++) {
      compiled.matches(request);
    }
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  private static void onSmallStack(Runnable task) throws InterruptedException {
    Throwable[] thrown = new Throwable[1];
    Thread thread = new Thread(null, task, "small stack", 400 << 10);
    thread.setUncaughtExceptionHandler((_, e) -> thrown[0] = e);
    thread.start();
    thread.join();
    assertThat(thrown[0]).isNull();
  }
}
