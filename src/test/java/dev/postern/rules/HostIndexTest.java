package dev.postern.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.rules.index.HostBounds;
import dev.postern.rules.index.HostClaim;
import dev.postern.rules.index.HostIndex;
import dev.postern.rules.index.HostIndex.Ruled;
import dev.postern.rules.match.CompiledRule;
import dev.postern.rules.match.RuleCompiler;
import dev.postern.rules.request.CanonicalHost;
import dev.postern.rules.request.RuleRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostIndexTest {
  private static final List<String> HOSTS =
      List.of(
          "a.example.com",
          "A.Example.COM",
          "a.example.com.",
          "a.example.com..",
          "a.example.com:8443",
          "example.com",
          "example.com.",
          "example.com..",
          "localhost",
          "localhost.",
          ".",
          "..",
          "",
          "*",
          "*.example.com",
          ".example.com",
          "::1",
          "[::1]",
          "[::1]:80",
          "[a.example.com]",
          "a:1:2",
          "a:x");

  /// An entry of an index.
  private record Known(CompiledRule rule, RuleSyntax syntax) {}

  private record Sent(RuleRequest request) implements HostIndex.Query {
    @Override
    public String canonicalHost() {
      return request.canonicalHost();
    }
  }

  @Property(tries = 400)
  void first_anyRulesAndAnyHost_isWhatALinearScanFinds(@ForAll Random random) {
    List<Known> rules = rules(random, 1 + random.nextInt(12));
    HostIndex<Integer> index = index(rules);
    RequestGenerator requests = new RequestGenerator(random);
    for (int i = 0; i < 40; i++) {
      RuleRequest request = request(requests, random);
      int skipped = random.nextInt(rules.size());
      Predicate<Integer> wanted = i % 2 == 0 ? _ -> true : number -> number > skipped;
      Integer found = index.first(new Sent(request), wanted);
      assertThat(found).as(request.host()).isEqualTo(scan(rules, request, wanted));
      Statistics.label("found").collect(found != null);
      Statistics.label("by its host alone")
          .collect(found != null && HostBounds.of(rules.get(found).rule().rule()).sufficient());
    }
  }

  @Property(tries = 400)
  void mayMatch_ruleThatMatchesSomeRequestToAHost_isNeverNo(@ForAll Random random) {
    List<Known> rules = rules(random, 20);
    List<HostClaim> claims =
        rules.stream().map(known -> HostClaim.of(known.rule(), known.syntax())).toList();
    RequestGenerator requests = new RequestGenerator(random);
    for (int i = 0; i < 40; i++) {
      RequestGenerator.Sent sent = requests.to(host(random));
      for (int rule = 0; rule < rules.size(); rule++) {
        boolean mayMatch = claims.get(rule).mayMatch(sent.host());
        Statistics.label("may match").collect(mayMatch);
        assertThat(mayMatch || !rules.get(rule).rule().matches(sent.request()))
            .as(rules.get(rule).rule().rule() + " to " + sent.host())
            .isTrue();
      }
    }
  }

  @Property(tries = 400)
  void bounds_anyRule_holdForEveryRequest(@ForAll Random random) {
    RequestGenerator requests = new RequestGenerator(random);
    for (Known known : rules(random, 20)) {
      HostBounds bounds = HostBounds.of(known.rule().rule());
      RuleRequest request = requests.to(host(random)).request();
      if (bounds.limited() && !request.canonicalHost().endsWith("..")) {
        boolean inside = bounds.hosts().contains(HostBounds.plain(request.canonicalHost()));
        boolean matches = known.rule().matches(request);
        assertThat(inside || !matches).as(known + " to " + request.host()).isTrue();
        assertThat(matches || !inside || !bounds.sufficient())
            .as(known + " to " + request.host())
            .isTrue();
        Statistics.label("inside").collect(inside);
      }
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Host(`a`) ; a ; true",
        "Host(`a`) ; b ; false",
        "Host(`a`) && Path(`/x`) ; a ; true",
        "Host(`a`) && !Host(`a`) ; a ; false",
        "!Host(`a`) ; a ; false",
        "!(Host(`a`) && Path(`/x`)) ; a ; true",
        "Path(`/x`) ; a ; true",
        "HostRegexp(`^a$`) || Host(`b`) ; b ; true",
        "HostRegexp(`^a$`) || Host(`b`) ; c ; false",
        "HostRegexp(`^a$`) && (Path(`/`) || Method(`GET`)) ; c ; false",
        "Host(`a`) ; A:80 ; true",
        "Host(`*`) && !Host(`b`) ; b. ; false",
      })
  void mayMatch_rule_isFalseOnlyIfCertain(String rule, String host, boolean expected) {
    HostClaim claim = HostClaim.of(compiled(rule, RuleSyntax.V3), RuleSyntax.V3);
    assertThat(claim.mayMatch(host)).isEqualTo(expected);
  }

  @Test
  void mayMatch_deeplyNestedRule_isInDoubt() {
    int levels = 20_000;
    String rule = "!(Path(`/`) && ".repeat(levels) + "Host(`a`)" + ")".repeat(levels);
    CompiledRule compiled = compiled(rule, RuleSyntax.V3);
    assertThat(HostClaim.of(compiled, RuleSyntax.V3).mayMatch("b")).isTrue();
    assertThat(HostBounds.of(compiled.rule()).limited()).isFalse();
  }

  @Test
  void first_requestThatTraefikRefuses_isFoundByItsHostAlone() {
    HostIndex<Integer> index =
        index(
            List.of(
                new Known(compiled("Host(`a`) && Path(`/`)", RuleSyntax.V3), RuleSyntax.V3),
                new Known(compiled("PathPrefix(`/`)", RuleSyntax.V3), RuleSyntax.V3),
                new Known(compiled("Host(`a`)", RuleSyntax.V3), RuleSyntax.V3)));
    HostIndex.Query refused =
        new HostIndex.Query() {
          @Override
          public String canonicalHost() {
            return "a";
          }

          @Override
          public @Nullable RuleRequest request() {
            return null;
          }
        };
    assertThat(index.first(refused, _ -> true)).isEqualTo(2);
  }

  private static @Nullable Integer scan(
      List<Known> rules, RuleRequest request, Predicate<Integer> wanted) {
    for (int i = 0; i < rules.size(); i++) {
      if (wanted.test(i) && rules.get(i).rule().matches(request)) {
        return i;
      }
    }
    return null;
  }

  private static HostIndex<Integer> index(List<Known> rules) {
    return HostIndex.of(
        IntStream.range(0, rules.size())
            .mapToObj(i -> new Ruled<>(i, rules.get(i).rule()))
            .toList());
  }

  private static List<Known> rules(Random random, int count) {
    RuleGenerator generator = new RuleGenerator(random);
    List<Known> rules = new ArrayList<>();
    while (rules.size() < count) {
      RuleSyntax syntax = random.nextBoolean() ? RuleSyntax.V3 : RuleSyntax.V2;
      String text = random.nextInt(3) == 0 ? generator.next(syntax) : generator.aboutHosts(syntax);
      RuleCompiler.compile(text, syntax).valid().ifPresent(r -> rules.add(new Known(r, syntax)));
    }
    return rules;
  }

  private static RuleRequest request(RequestGenerator requests, Random random) {
    return random.nextInt(4) == 0
        ? requests.next().atRouters().orElseGet(() -> requests.to(host(random)).request())
        : requests.to(host(random)).request();
  }

  private static String host(Random random) {
    List<String> hosts = random.nextBoolean() ? HOSTS : RequestGenerator.HOSTS;
    String host = hosts.get(random.nextInt(hosts.size()));
    return random.nextInt(5) == 0 ? CanonicalHost.of(host) : host;
  }

  private static CompiledRule compiled(String rule, RuleSyntax syntax) {
    return RuleCompiler.compile(rule, syntax).valid().orElseThrow();
  }
}
