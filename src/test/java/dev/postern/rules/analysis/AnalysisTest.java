package dev.postern.rules.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.rules.RuleSyntax;
import dev.postern.rules.match.CompiledRule;
import dev.postern.rules.match.RuleCompiler;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnalysisTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Host(`a`)                            ; Host(`A`)                       ; true",
        "Host(`a`) && Path(`/x`)              ; Host(`a`)                       ; true",
        "Host(`a`)                            ; Host(`a`) && Path(`/x`)         ; false",
        "Path(`/x`) && Host(`a`)              ; Host(`a`) && Path(`/x`)         ; true",
        "Host(`a`)                            ; Host(`b`) || Host(`a`)          ; true",
        "Host(`a`) || Host(`b`)               ; Host(`b`) || Host(`a`)          ; true",
        "Host(`a`) || Host(`b`)               ; Host(`a`)                       ; false",
        "Host(`a`) && (Path(`/x`) || Path(`/y`)) ; Host(`a`)                    ; true",
        "Host(`a.b`)                          ; HostRegexp(`^[a-z]+\\.b$`)      ; true",
        "Host(`a1.b`)                         ; HostRegexp(`^[a-z]+\\.b$`)      ; false",
        "Host(`a.`)                           ; HostRegexp(`^a$`)               ; false",
        "Host(`*.b`)                          ; HostRegexp(`b$`)                ; false",
        "Host(`a`)                            ; HostRegexp(`.*`)                ; true",
        "Host(`a`)                            ; Host(`*`)                       ; true",
        "HostRegexp(`^a`)                     ; HostRegexp(`a`)                 ; false",
        "PathPrefix(`/api/v1`)                ; PathPrefix(`/api`)              ; true",
        "PathPrefix(`/api`)                   ; PathPrefix(`/api/v1`)           ; false",
        "Path(`/api`)                         ; PathPrefix(`/api`)              ; true",
        "Path(`/api`)                         ; PathRegexp(`^/a`)               ; true",
        "PathPrefix(`/api`)                   ; PathRegexp(`^/a`)               ; false",
        "Host(`a`)                            ; PathPrefix(`/`)                 ; true",
        "Host(`a`)                            ; Host(`a`) && PathPrefix(`/`)    ; true",
        "!Path(`/`)                           ; !Path(`/`)                      ; true",
        "!PathPrefix(`/a`)                    ; !Path(`/a/b`)                   ; true",
        "!Path(`/a/b`)                        ; !PathPrefix(`/a`)               ; false",
        "Host(`a`) && !Path(`/`)              ; !Path(`/`)                      ; true",
        "Method(`GET`)                        ; Method(`get`)                   ; true",
        "Header(`X`, `1`)                     ; Header(`X`, `1`)                ; true",
        "Header(`X`, `1`)                     ; Header(`X`, `2`)                ; false",
        "Query(`a`)                           ; Query(`a`, `b`)                 ; false",
      })
  void holds_twoRules_isTrueOnlyWhereItIsCertain(String special, String general, boolean expected) {
    assertThat(Implication.holds(ruling(special), ruling(general))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "Host(`a`, `b`)     ; Host(`b`, `a`, `c`)  ; true",
        "Host(`a`, `b`)     ; Host(`a`)            ; false",
        "Path(`/{x}`)       ; PathPrefix(`/`)      ; true",
        "Path(`/{x}`)       ; PathPrefix(`/{x}`)   ; false",
        "PathPrefix(`/{x}`) ; PathPrefix(`/{x}`)   ; true",
      })
  void holds_rulesOfVersion2_supportsSeveralArguments(
      String special, String general, boolean expected) {
    assertThat(
            Implication.holds(
                new Ruling(compiled(special, RuleSyntax.V2).rule(), RuleSyntax.V2),
                new Ruling(compiled(general, RuleSyntax.V2).rule(), RuleSyntax.V2)))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      nullValues = "none",
      value = {
        "Host(`a`)                  ; PathPrefix(`/x`)     ; GET https://a/x",
        "Host(`a`)                  ; Host(`b`)            ; none",
        "Host(`a`) && Path(`/x`)    ; Host(`a`) && PathPrefix(`/x`) ; GET https://a/x",
        "Path(`/x`)                 ; Path(`/y`)           ; none",
        "Method(`POST`)             ; Header(`X-A`, `1`)   ; POST https://host.example.org/",
        "Query(`k`, `v`)            ; Host(`*.b`)          ; GET https://a.b/",
        "ClientIP(`10.0.0.0/8`)     ; Host(`a`)            ; GET https://a/",
        "ClientIP(`10.0.0.0/8`)     ; !ClientIP(`10.0.0.0/8`) ; none",
      })
  void of_twoRules_findsARequestThatBothMatch(String one, String other, @Nullable String request) {
    assertThat(
            OverlapFinder.of(
                compiled(one, RuleSyntax.V3),
                RuleSyntax.V3,
                compiled(other, RuleSyntax.V3),
                RuleSyntax.V3))
        .isEqualTo(Optional.ofNullable(request));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      nullValues = "none",
      value = {
        "HostRegexp(`{subdomain:[a-z0-9-]+}.domain.tld`) && PathPrefix(`/outpost.goauthentik.io/`)"
            + " ; HostRegexp(`^[a-z0-9-]+\\.domain\\.tld$`) &&"
            + " PathPrefix(`/outpost.goauthentik.io/`)",
        "HostRegexp(`{sub}.a`) ; HostRegexp(`^[^.]+\\.a$`)",
        "HostRegexp(`{s:a|b}.c`, `d`) ; HostRegexp(`^(?:a|b)\\.c$`) || Host(`d`)",
        "HostRegexp(`{s:[A-Z]+}.c`) ; HostRegexp(`(?i)^[A-Z]+\\.c$`)",
        "Host(`a`, `b`) && !Method(`GET`, `POST`) ;"
            + " (Host(`a`) || Host(`b`)) && !(Method(`GET`) || Method(`POST`))",
        "Path(`/a/{id:[0-9]+}`) ; PathRegexp(`^/a/[0-9]+$`)",
        "PathPrefix(`/{v}/`) ; PathRegexp(`^/[^/]+/`)",
        "Headers(`A`, `1`, `B`, `2`) ; Header(`A`, `1`) && Header(`B`, `2`)",
        "Query(`a=b`) ; none",
        "Host(`*.a`) ; none",
        "nonsense ; none",
      })
  void inV3_ruleOfVersion2_isTranslated(String v2, @Nullable String v3) {
    assertThat(Templates.inV3(v2)).isEqualTo(Optional.ofNullable(v3));
  }

  private static Ruling ruling(String rule) {
    return new Ruling(compiled(rule, RuleSyntax.V3).rule(), RuleSyntax.V3);
  }

  private static CompiledRule compiled(String rule, RuleSyntax syntax) {
    return RuleCompiler.compile(rule, syntax).valid().orElseThrow();
  }
}
