package dev.postern.rules;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.rules.Priorities.Ranked;
import dev.postern.rules.match.RuleCompiler;
import dev.postern.rules.parse.RuleDomains;
import dev.postern.rules.request.RuleRequest;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

class PrioritiesTest {

  static Stream<JsonNode> cases() {
    return Vectors.cases("priority", "cases");
  }

  static Stream<JsonNode> lengths() {
    return Vectors.cases("priority", "rulePriority");
  }

  static Stream<JsonNode> limits() {
    return Vectors.cases("priority", "limits");
  }

  static Stream<JsonNode> domains() {
    return Vectors.cases("priority", "parseDomains");
  }

  @ParameterizedTest
  @MethodSource("cases")
  void order_vectorOfTraefik_choosesItsRouter(JsonNode vector) {
    URI url = URI.create(vector.path("url").asString());
    RuleRequest request =
        new RuleRequest("GET", url.getHost(), null, url.getPath(), "", _ -> List.of(), null);
    Map<Ranked, JsonNode> routes = new HashMap<>();
    for (JsonNode route : vector.path("routes")) {
      String name =
          route
              .path("router")
              .asString(route.path("id").asString() + "@" + route.path("provider").asString());
      long priority =
          Priorities.effective(route.path("priority").asLong(), route.path("rule").asString());
      routes.put(new Ranked(name, priority), route);
    }
    List<Ranked> order = new ArrayList<>(routes.keySet());
    Collections.shuffle(order, new Random(1));
    order.sort(Priorities.order(Vectors.texts(vector.path("providersPrecedence"))));
    String chosen =
        order.stream()
            .map(routes::get)
            .filter(route -> matches(route.path("rule").asString(), request))
            .map(route -> route.path("id").asString())
            .findFirst()
            .orElseThrow();
    assertThat(chosen).isEqualTo(vector.path("expected").asString());
  }

  private static boolean matches(String rule, RuleRequest request) {
    return RuleCompiler.compile(rule, RuleSyntax.V3).valid().orElseThrow().matches(request);
  }

  @ParameterizedTest
  @MethodSource("lengths")
  void effective_noPriority_isTheLengthInBytes(JsonNode vector) {
    assertThat(Priorities.effective(0, vector.path("rule").asString()))
        .isEqualTo(vector.path("expected").asLong());
  }

  @ParameterizedTest
  @MethodSource("limits")
  void isAccepted_limit_isTraefiks(JsonNode vector) {
    assertThat(
            Priorities.isAccepted(
                vector.path("router").asString(), vector.path("priority").asLong()))
        .isEqualTo(vector.path("accepted").asBoolean());
  }

  @ParameterizedTest
  @MethodSource("domains")
  void domains_vectorOfTraefik_areExtracted(JsonNode vector) {
    RuleResult<List<String>> domains = RuleDomains.of(vector.path("rule").asString());
    assertThat(domains.invalid().isPresent()).isEqualTo(vector.path("error").asBoolean());
    assertThat(domains.valid().orElse(List.of())).isEqualTo(Vectors.texts(vector.path("domains")));
  }

  @Test
  void order_equalRouters_areSortedByName() {
    List<Ranked> routers =
        new ArrayList<>(List.of(new Ranked("b@file", 5), new Ranked("a@file", 5)));
    routers.sort(Priorities.order(Priorities.DEFAULT_PRECEDENCE));
    assertThat(routers).extracting(Ranked::name).containsExactly("a@file", "b@file");
  }

  @Test
  void order_precedenceInOtherCase_counts() {
    List<Ranked> routers =
        new ArrayList<>(List.of(new Ranked("a@file", 5), new Ranked("b@http", 5)));
    routers.sort(Priorities.order(List.of("HTTP")));
    assertThat(routers).extracting(Ranked::name).containsExactly("b@http", "a@file");
  }

  @Test
  void defaultPrecedence_isTraefiks() {
    assertThat(Priorities.DEFAULT_PRECEDENCE)
        .isEqualTo(Vectors.texts(Vectors.read("priority").path("defaultPrecedence")));
  }
}
