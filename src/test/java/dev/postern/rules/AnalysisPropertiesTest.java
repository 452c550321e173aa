package dev.postern.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.rules.analysis.Implication;
import dev.postern.rules.analysis.Ruling;
import dev.postern.rules.analysis.Templates;
import dev.postern.rules.match.CompiledRule;
import dev.postern.rules.match.RuleCompiler;
import dev.postern.rules.request.RuleRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.statistics.Statistics;

/// Results of the static analysis must hold for every request.
class AnalysisPropertiesTest {
  private record Known(String text, RuleSyntax syntax, CompiledRule rule) {
    Ruling ruling() {
      return new Ruling(rule.rule(), syntax);
    }
  }

  @Property(tries = 600)
  void holds_anyTwoRules_isNeverRefutedByARequest(@ForAll Random random) {
    List<Known> rules = rules(random, 25);
    RequestGenerator generator = new RequestGenerator(random);
    List<RuleRequest> requests = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      String host = RequestGenerator.HOSTS.get(random.nextInt(RequestGenerator.HOSTS.size()));
      if (!host.endsWith(".")) {
        requests.add(generator.to(host).request());
      }
    }
    for (Known special : rules) {
      for (Known general : rules) {
        boolean holds = Implication.holds(special.ruling(), general.ruling());
        Statistics.label("holds between different rules")
            .collect(holds && !special.equals(general));
        for (RuleRequest request : requests) {
          assertThat(!holds || !special.rule().matches(request) || general.rule().matches(request))
              .as(special.text() + " implies " + general.text() + " for " + request.host())
              .isTrue();
        }
      }
    }
  }

  @Property(tries = 1500)
  void inV3_anyRuleOfTheSecondSyntax_matchesTheSame(@ForAll Random random) {
    RuleGenerator generator = new RuleGenerator(random);
    RequestGenerator requests = new RequestGenerator(random);
    String text =
        random.nextBoolean() ? generator.aboutHosts(RuleSyntax.V2) : generator.next(RuleSyntax.V2);
    Optional<String> converted = Templates.inV3(text);
    Statistics.label("converted").collect(converted.isPresent());
    if (converted.isEmpty()) {
      return;
    }
    CompiledRule before = RuleCompiler.compile(text, RuleSyntax.V2).valid().orElseThrow();
    CompiledRule after = RuleCompiler.compile(converted.get(), RuleSyntax.V3).valid().orElseThrow();
    for (int i = 0; i < 40; i++) {
      String host = RequestGenerator.HOSTS.get(random.nextInt(RequestGenerator.HOSTS.size()));
      if (!host.endsWith(".") && !host.startsWith("[")) {
        RuleRequest request = requests.to(host).request();
        assertThat(after.matches(request))
            .as(text + " as " + converted.get() + " for " + host)
            .isEqualTo(before.matches(request));
      }
    }
  }

  private static List<Known> rules(Random random, int count) {
    RuleGenerator generator = new RuleGenerator(random);
    List<Known> rules = new ArrayList<>();
    while (rules.size() < count) {
      RuleSyntax syntax = random.nextBoolean() ? RuleSyntax.V3 : RuleSyntax.V2;
      String text = random.nextInt(3) == 0 ? generator.next(syntax) : generator.aboutHosts(syntax);
      RuleCompiler.compile(text, syntax)
          .valid()
          .ifPresent(rule -> rules.add(new Known(text, syntax, rule)));
    }
    return rules;
  }
}
