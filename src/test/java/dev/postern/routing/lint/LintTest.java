package dev.postern.routing.lint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.postern.routing.definition.ApplicationDefinition;
import dev.postern.routing.definition.ApplicationDefinition.Kind;
import dev.postern.routing.definition.Claim;
import dev.postern.routing.definition.RouterDefinition;
import dev.postern.routing.definition.Snapshot;
import dev.postern.routing.lint.Finding.Excerpt;
import dev.postern.routing.lint.Finding.Severity;
import dev.postern.rules.RuleSyntax;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LintTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Hosts(`a`)                         ; ERROR   ; unknown-matcher    ; 1",
        "Path(`/`) && Host('a')             ; ERROR   ; syntax             ; 19",
        "PathRegexp(`(`)                    ; ERROR   ; bad-argument       ; 1",
        "Host(`a`, `b`)                     ; ERROR   ; argument-count     ; 1",
        "PathRegexp(`(a?){1000}`)           ; WARNING ; unsupported-rule   ; 1",
        "HostRegexp(`.*`)                   ; WARNING ; matches-everything ; 1",
        "Path(`/`) && HostRegexp(`^(www)?$`) ; WARNING ; matches-everything ; 14",
        "HostRegexp(`{sub}.a`)              ; WARNING ; v2-template        ; 1",
        "Path(`/{id}`)                      ; WARNING ; v2-template        ; 1",
        "Host(`a`) && Host(`b`)             ; WARNING ; never-matches      ; 1",
        "Host(`a.tld:8443`)                 ; WARNING ; port-in-host       ; 1",
        "Path(`/`) && Host(`[::1]:80`)      ; WARNING ; port-in-host       ; 14",
      })
  void check_rule_isFoundWithItsPlace(String rule, Severity severity, String check, int column) {
    Finding finding = only(router("a", rule, 0));
    assertThat(finding.severity()).isEqualTo(severity);
    assertThat(finding.check()).isEqualTo(check);
    assertThat(finding.excerpt()).isEqualTo(new Excerpt(rule, column));
    assertThat(finding.origin()).isEqualTo("a.yml:3");
    assertThat(finding.subject()).isEqualTo("router a@file");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Host(`a`)",
        "HostRegexp(`^[a-z]{1,3}\\.a$`)",
        "HostRegexp(`.+`)",
        "PathRegexp(`\\p{Greek}`)",
        "HostRegexp(`^\\x{61}$`)",
        "Host(`a`) || Host(`b`)",
        "Host(`::1`)",
        "Header(`X`, `{a}`)",
      })
  void check_soundRule_isNotMentioned(String rule) {
    assertThat(check(router("a", rule, 0))).isEmpty();
  }

  @Test
  void check_templateUnderV3_spellsTheNewForm() {
    Finding finding =
        only(
            router(
                "a",
                "HostRegexp(`{subdomain:[a-z0-9-]+}.domain.tld`) &&"
                    + " PathPrefix(`/outpost.goauthentik.io/`)",
                0));
    assertThat(finding.message())
        .isEqualTo(
            "HostRegexp contains a template of Traefik 2, which under v3 never matches; write"
                + " HostRegexp(`^[a-z0-9-]+\\.domain\\.tld$`) &&"
                + " PathPrefix(`/outpost.goauthentik.io/`), or set ruleSyntax: v2");
  }

  @Test
  void check_portInHost_spellsTheRuleWithout() {
    assertThat(only(router("a", "Host(`app.domain.tld:8443`)", 0)).message())
        .isEqualTo(
            "Host(`app.domain.tld:8443`) has a port, but Traefik compares hosts without their"
                + " port, so it never matches; write Host(`app.domain.tld`), which matches"
                + " every port");
  }

  @Test
  void check_templateUnderV2_isNotMentioned() {
    RouterDefinition one = router("a", "HostRegexp(`{sub:[a-z]+}.a`)", 0);
    assertThat(check(syntax("v2", one))).isEmpty();
  }

  @Test
  void check_severalHostsUnderV3_spellsTheNewForm() {
    assertThat(only(router("a", "Host(`a`, `b`)", 0)).message())
        .endsWith("it is a rule of Traefik 2: write Host(`a`) || Host(`b`), or set ruleSyntax: v2");
  }

  @Test
  void check_priorityAboveTheLimit_isAnError() {
    Finding finding = only(router("a", "Host(`a`)", Long.MAX_VALUE - 5));
    assertThat(finding.severity()).isEqualTo(Severity.ERROR);
    assertThat(finding.check()).isEqualTo("priority");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Host(`a`)            ; 100 ; Host(`a`) && PathPrefix(`/x`)    ; 0  ; true",
        "HostRegexp(`.+\\.b$`) ; 99 ; Host(`a.b`)                      ; 0  ; true",
        "PathPrefix(`/`)      ; 99  ; Host(`a`)                        ; 0  ; true",
        "PathPrefix(`/api`)   ; 99  ; PathPrefix(`/api/v1`)            ; 0  ; true",
        "Host(`a`)            ; 0   ; Host(`a`) && PathPrefix(`/x`)    ; 0  ; false",
        "Host(`a`) && Path(`/`) ; 99 ; Host(`a`)                       ; 0  ; false",
        "HostRegexp(`^x`)     ; 99  ; Host(`a`)                        ; 0  ; false",
      })
  void check_routerThatAnotherLeavesNothing_isFound(
      String first, long firstPriority, String second, long secondPriority, boolean shadowed) {
    List<Finding> findings =
        check(router("first", first, firstPriority), router("second", second, secondPriority));
    assertThat(findings).hasSize(shadowed ? 1 : 0);
    if (shadowed) {
      assertThat(findings.getFirst().check()).isEqualTo("never-matches");
      assertThat(findings.getFirst().subject()).isEqualTo("router second@file");
      assertThat(findings.getFirst().message()).contains("first@file", "" + firstPriority);
    }
  }

  @Test
  void check_routersAtOtherEntryPoints_leaveEachOtherAlone() {
    RouterDefinition wide = router("wide", "PathPrefix(`/`)", 99);
    RouterDefinition narrow = router("narrow", "Host(`a`)", 0);
    assertThat(check(at(wide, true, "web"), at(narrow, true, "secure"))).isEmpty();
    assertThat(check(at(wide, true, "web"), at(narrow, true, "web", "secure"))).isEmpty();
    assertThat(check(at(wide, true), at(narrow, true, "web"))).isEmpty();
    assertThat(check(at(wide, false, "web"), at(narrow, true, "web"))).isEmpty();
    assertThat(check(at(wide, true, "web", "secure"), at(narrow, true, "web"))).hasSize(1);
  }

  @Test
  void check_routerThatIsNotServed_shadowsNothing() {
    RouterDefinition wide = router("wide", "PathPrefix(`/`)", Long.MAX_VALUE - 5);
    assertThat(check(wide, router("narrow", "Host(`a`)", 0)))
        .extracting(Finding::check)
        .containsExactly("priority");
  }

  @Test
  void check_equalPrioritiesThatMeet_areChance() {
    Finding finding = only(router("a", "Host(`h`)", 5), router("b", "PathPrefix(`/x`)", 5));
    assertThat(finding.check()).isEqualTo("order-by-chance");
    assertThat(finding.message()).contains("a@file", "GET https://h/x", "priority 5");
    assertThat(check(router("a", "Host(`h`)", 5), router("b", "Host(`i`)", 5))).isEmpty();
    assertThat(check(router("a", "Host(`h`)", 0), router("b", "Host(`i`)", 0))).isEmpty();
  }

  @Test
  void check_individualApplicationsThatMeet_areFound() {
    assertThat(
            check(
                individual("wide", "Host(`a`)"),
                individual("narrow", "Host(`a`) && PathPrefix(`/x`)"),
                individual("other", "Host(`b`)")))
        .extracting(Finding::check, Finding::subject)
        .containsExactly(tuple("overlapping-applications", "application wide"));
  }

  @Test
  void check_applicationThatNeverDecides_isFound() {
    ApplicationDefinition loud = individual("loud", "PathPrefix(`/`) || Path(`/very-long-rule`)");
    assertThat(check(loud, individual("quiet", "Host(`a`)")))
        .extracting(Finding::check, Finding::subject)
        .containsExactly(tuple("never-decides", "application quiet"));
    assertThat(check(domain("one", "a.tld", 0), domain("two", "b.a.tld", 0))).isEmpty();
    assertThat(check(domain("one", "a.tld", 50), domain("two", "b.a.tld", 0)))
        .extracting(Finding::check)
        .containsExactly("never-decides");
    assertThat(check(domain("one", "a.tld", 0), domain("two", "a.tld", 0)))
        .extracting(Finding::check)
        .containsExactly("order-by-chance");
  }

  @Test
  void check_thousandsOfRouters_ends() {
    RouterDefinition[] many =
        IntStream.range(0, 3_000)
            .mapToObj(i -> router("r" + i, "Host(`h" + i + ".a`) && PathPrefix(`/`)", 0))
            .toArray(RouterDefinition[]::new);
    assertThat(check(many)).isEmpty();
  }

  private static Finding only(RouterDefinition... routers) {
    List<Finding> findings = check(routers);
    assertThat(findings).hasSize(1);
    return findings.getFirst();
  }

  private static List<Finding> check(RouterDefinition... routers) {
    return Lint.check(new Snapshot(List.of(routers), List.of(), List.of()));
  }

  private static List<Finding> check(ApplicationDefinition... applications) {
    return Lint.check(new Snapshot(List.of(), List.of(), List.of(applications)));
  }

  private static RouterDefinition router(String name, String rule, long priority) {
    return new RouterDefinition(
        name + "@file", rule, "", priority, List.of(), List.of(), "s", true, "", name + ".yml:3");
  }

  private static RouterDefinition syntax(String syntax, RouterDefinition one) {
    return new RouterDefinition(
        one.name(),
        one.rule(),
        syntax,
        one.priority(),
        one.entryPoints(),
        one.middlewares(),
        one.service(),
        one.tls(),
        one.refused(),
        one.origin());
  }

  private static RouterDefinition at(RouterDefinition one, boolean tls, String... entryPoints) {
    return new RouterDefinition(
        one.name(),
        one.rule(),
        one.ruleSyntax(),
        one.priority(),
        List.of(entryPoints),
        one.middlewares(),
        one.service(),
        tls,
        one.refused(),
        one.origin());
  }

  private static ApplicationDefinition individual(String name, String rule) {
    var claim = new Claim.Matching(rule, RuleSyntax.V3);
    return new ApplicationDefinition(name, Kind.INDIVIDUAL, claim, 0, null, "", "", false, "a:1");
  }

  private static ApplicationDefinition domain(String name, String domain, long priority) {
    var claim = new Claim.Domain(domain);
    return new ApplicationDefinition(
        name, Kind.CATCH_ALL, claim, priority, null, "", "", false, "a:1");
  }
}
