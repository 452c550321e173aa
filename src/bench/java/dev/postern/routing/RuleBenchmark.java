package dev.postern.routing;

import dev.postern.rules.RuleResult;
import dev.postern.rules.RuleSyntax;
import dev.postern.rules.match.CompiledRule;
import dev.postern.rules.match.RuleCompiler;
import dev.postern.rules.request.RuleRequest;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// One rule: how long it takes to read it, and to ask it.
///
/// `mvn -P bench test-compile exec:exec@bench -Dbench.arguments="RuleBenchmark -f 1"`
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RuleBenchmark {
  /// The rule.
  @Param({
    "Host(`app.domain.tld`)",
    "Host(`app.domain.tld`) && PathPrefix(`/api`)",
    "HostRegexp(`^[a-z0-9-]+\\.domain\\.tld$`) && PathPrefix(`/outpost.goauthentik.io/`)",
  })
  public String rule = "";

  private CompiledRule compiled;
  private RuleRequest request;

  /// Compiles the rule for the benchmark that only asks it.
  public RuleBenchmark() {
    compiled = RuleCompiler.compile("Host(`a`)", RuleSyntax.V3).valid().orElseThrow();
    request = new RuleRequest("GET", "app.domain.tld", null, "/api/x", "", _ -> List.of(), null);
  }

  /// Takes the parameter over.
  @Setup
  public void compile() {
    compiled = RuleCompiler.compile(rule, RuleSyntax.V3).valid().orElseThrow();
  }

  /// From text to predicate.
  @Benchmark
  public RuleResult<CompiledRule> parse() {
    return RuleCompiler.compile(rule, RuleSyntax.V3);
  }

  /// One request.
  @Benchmark
  public boolean match() {
    return compiled.matches(request);
  }
}
