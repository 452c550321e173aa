package dev.postern.routing.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.postern.net.HeaderLine;
import dev.postern.routing.RouteTable;
import dev.postern.routing.definition.ApplicationDefinition;
import dev.postern.routing.definition.ApplicationDefinition.Kind;
import dev.postern.routing.definition.Claim;
import dev.postern.routing.definition.Provider;
import dev.postern.routing.definition.RouterDefinition;
import dev.postern.routing.definition.Snapshot;
import dev.postern.routing.explain.Explanation.Choice;
import dev.postern.rules.RuleSyntax;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplainerTest {
  private static final RouteTable TABLE =
      RouteTable.of(
          Map.of(
              Provider.FILE,
              new Snapshot(
                  List.of(
                      router("app@file", "Host(`app.domain.tld`)", 0, true, "secure"),
                      router(
                          "api@file",
                          "Host(`app.domain.tld`) && PathPrefix(`/api`)",
                          0,
                          true,
                          "secure"),
                      router("loud@file", "Host(`loud.domain.tld`)", 900, true, "secure"),
                      router("quiet@file", "PathPrefix(`/quiet`)", 0, true, "secure"),
                      router("a@file", "Host(`tie.domain.tld`)", 0, true, "secure"),
                      router("b@file", "Host(`tie.domain.tld`)", 0, true, "secure"),
                      router("web@file", "Host(`two.domain.tld`)", 0, true, "web"),
                      router("sec@file", "Host(`two.domain.tld`)", 0, true, "secure"),
                      router("plain@file", "Host(`plain.domain.tld`)", 0, false, "web"),
                      router("mixed@file", "Host(`mixed.domain.tld`)", 0, true, "secure"),
                      router("mixed-http@file", "Host(`mixed.domain.tld`)", 0, false, "web"),
                      router("bad@file", "Hosts(`x`)", 0, false, "web")),
                  List.of(),
                  List.of(
                      individual("app", "Host(`app.domain.tld`)", 0),
                      individual("api", "Host(`app.domain.tld`) && PathPrefix(`/api`)", 0),
                      individual("part", "Host(`part.domain.tld`) && PathPrefix(`/x`)", 0),
                      domain("all", "domain.tld", true, 0),
                      domain("alone", "alone.tld", false, 0),
                      domain("tie1", "tie.tld", true, 0),
                      domain("tie2", "tie.tld", true, 0)))),
          Duration.ofSeconds(60),
          RouteTable.EMPTY);

  @ParameterizedTest
  @CsvSource(
      delimiterString = " ; ",
      value = {
        "https://app.domain.tld/     ; app  ; individual applications always come before catch-alls"
            + " such as all",
        "https://app.domain.tld/api  ; api  ; rule of 44 bytes ranks higher than the rule of 22"
            + " bytes of app",
        "https://other.domain.tld/   ; all  ; no other application claims it",
        "https://x.tie.tld/          ; tie1 ; domain of 7 characters equals that of tie2: the"
            + " identity provider may choose either",
        "https://elsewhere.tld/      ; elsewhere.tld ; no configured application claims it, so the"
            + " exact host is an application of its own",
      })
  void explain_application_isNamedWithItsReason(String url, String application, String because) {
    Explanation explanation = explain(url);
    assertThat(explanation.application()).isEqualTo(application);
    assertThat(explanation.because()).isEqualTo(because);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " ; ",
      value = {
        "https://other.domain.tld/ ; true  ; also used for other hosts of this catch-all",
        "https://app.domain.tld/   ; false ; is used for its own host only",
        "https://part.domain.tld/  ; false ; an individual application may claim",
        "https://x.alone.tld/      ; false ; does not set share: true",
        "https://x.tie.tld/        ; false ; two catch-alls have equal rank",
        "https://elsewhere.tld/    ; false ; is used for this host only",
      })
  void explain_sharing_isExplained(String url, boolean shared, String words) {
    Explanation explanation = explain(url);
    assertThat(explanation.shared()).isEqualTo(shared);
    assertThat(explanation.sharing()).contains(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " ; ",
      value = {
        "https://app.domain.tld/x       ; app@file  ; no other router matches",
        "https://app.domain.tld/api     ; api@file  ; priority 44 (the length of its rule) is above"
            + " the priority 22 (the length of its rule) of app@file",
        "https://loud.domain.tld/quiet  ; loud@file ; priority 900 is above the priority 20 (the"
            + " length of its rule) of quiet@file",
        "https://tie.domain.tld/        ; a@file    ; priority 22 (the length of its rule) equals"
            + " that of b@file; Traefik's order is then undefined, and ordering by name is a guess:"
            + " give one of them a priority",
      })
  void explain_router_isNamedWithItsReason(String url, String router, String because) {
    assertThat(explain(url).choices()).containsExactly(new Choice(List.of(), router, because));
  }

  @Test
  void explain_routersAtSeveralEntryPoints_areNamedForEach() {
    Explanation explanation = explain("https://two.domain.tld/");
    assertThat(explanation.choices())
        .extracting(Choice::entryPoints, Choice::router)
        .containsExactly(tuple(List.of("secure"), "sec@file"), tuple(List.of("web"), "web@file"));
    assertThat(explanation.logged()).isEmpty();
    assertThat(explanation.remarks()).anyMatch(one -> one.contains("Logs and metrics name no"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " ; ",
      value = {
        "https://nowhere.tld/      ; No router matches (12 routers known)",
        "http://app.domain.tld/    ; serve TLS only",
        "https://mixed.domain.tld/ ; mixed-http@file has no tls section: it serves https only at",
        "https://mixed.domain.tld/ ; Logs and metrics name no router",
        "https://plain.domain.tld/ ; No router that matches has a tls section",
        "https://app.domain.tld/   ; Router bad@file is ignored here: its rule is wrong at column",
        "https://App.domain.tld/   ; compared exactly",
      })
  void explain_whatIsWorthKnowing_isRemarked(String url, String words) {
    assertThat(explain(url).remarks()).anyMatch(remark -> remark.contains(words));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " ; ",
      value = {
        "app.domain.tld                    ; GET https://app.domain.tld/",
        "HTTPS://app.domain.tld            ; GET https://app.domain.tld/",
        "https://u:p@app.domain.tld:8443/a/../b?x=1;y#z ; GET https://app.domain.tld:8443/b?x=1&y",
        "https://bücher.tld/ä b            ; GET https://xn--bcher-kva.tld/%C3%A4%20b",
      })
  void forwarded_url_isWhatTraefikWouldForward(String url, String request) {
    assertThat(explain(url).request()).isEqualTo(request);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " ; ",
      value = {
        "https://app.domain.tld/%zz ; 400 Bad Request",
        "https:///x                 ; has no host",
        "ftp://app.domain.tld/      ; not ftp://",
        "https://a b/               ; 400 Bad Request",
      })
  void forwarded_urlThatTraefikRefuses_isASentence(String url, String words) {
    assertThat(new Asked(url, "GET", List.of(), "").forwarded())
        .isInstanceOfSatisfying(
            Asked.Refused.class, refused -> assertThat(refused.sentence()).contains(words));
  }

  @Test
  void forwarded_hostHeader_standsForTheUrls() {
    var asked =
        new Asked("https://1.2.3.4/", "GET", List.of(new HeaderLine("host", "app.domain.tld")), "");
    assertThat(asked.forwarded())
        .isInstanceOfSatisfying(
            Asked.Forwarded.class,
            forwarded -> assertThat(forwarded.request().host()).isEqualTo("app.domain.tld"));
  }

  private static Explanation explain(String url) {
    return switch (new Asked(url, "GET", List.of(), "").forwarded()) {
      case Asked.Forwarded(var request) -> Explainer.explain(TABLE, request);
      case Asked.Refused(String sentence) -> throw new AssertionError(sentence);
    };
  }

  private static RouterDefinition router(
      String name, String rule, long priority, boolean tls, String entryPoint) {
    return new RouterDefinition(
        name, rule, "", priority, List.of(entryPoint), List.of(), "s", tls, "", "a.yml:1");
  }

  private static ApplicationDefinition individual(String name, String rule, long priority) {
    var claim = new Claim.Matching(rule, RuleSyntax.V3);
    return new ApplicationDefinition(
        name, Kind.INDIVIDUAL, claim, priority, null, "", "", false, "a.yml:2");
  }

  private static ApplicationDefinition domain(
      String name, String domain, boolean share, long priority) {
    var claim = new Claim.Domain(domain);
    return new ApplicationDefinition(
        name, Kind.CATCH_ALL, claim, priority, null, "", "", share, "a.yml:2");
  }
}
