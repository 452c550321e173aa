package dev.postern.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A real Traefik that serves generated routers. Each requires a password in a realm of its own
/// name, so the challenge shows which router handled the request, and no backend is needed.
final class TestedTraefik implements AutoCloseable {
  private static final String READY = "/ready-for-questions";

  private final Traefik traefik;
  private final Map<String, TestedRouter> byName = new HashMap<>();
  private final Map<Integer, List<TestedRouter>> byEntryPoint = new HashMap<>();

  private TestedTraefik(Traefik traefik, List<TestedRouter> routers) {
    this.traefik = traefik;
    Comparator<TestedRouter> order =
        Comparator.comparing(TestedRouter::ranked, Priorities.order(Priorities.DEFAULT_PRECEDENCE));
    for (TestedRouter router : routers) {
      byName.put(router.name(), router);
      byEntryPoint.computeIfAbsent(router.entryPoint(), _ -> new ArrayList<>()).add(router);
    }
    byEntryPoint.values().forEach(list -> list.sort(order));
  }

  static TestedTraefik start(Path binary, int entryPoints, List<TestedRouter> routers)
      throws IOException {
    Traefik traefik = Traefik.start(binary, entryPoints, dynamic(entryPoints, routers));
    TestedTraefik tested = new TestedTraefik(traefik, routers);
    for (int i = 0; i < entryPoints; i++) {
      int port = traefik.port(i);
      traefik.await("router on entry point " + i, () -> isReady(port));
    }
    return tested;
  }

  private static boolean isReady(int port) {
    try {
      WireRequest request = new WireRequest("GET", READY, "ready", List.of(), "127.0.0.1");
      return request.send(port).realm().equals("ready");
    } catch (IOException e) {
      return false;
    }
  }

  private static String dynamic(int entryPoints, List<TestedRouter> routers) {
    ObjectNode root = JsonMapper.shared().createObjectNode();
    ObjectNode http = root.putObject("http");
    ObjectNode definitions = http.putObject("routers");
    ObjectNode middlewares = http.putObject("middlewares");
    for (TestedRouter router : routers) {
      challenge(middlewares, router.name());
      ObjectNode definition = router(definitions, router.name(), router.rule());
      definition.put("ruleSyntax", router.syntax() == RuleSyntax.V2 ? "v2" : "v3");
      definition.put("priority", router.priority());
      definition.putArray("entryPoints").add("e" + router.entryPoint());
    }
    challenge(middlewares, "ready");
    ObjectNode ready = router(definitions, "ready", "Path(`" + READY + "`)");
    ready.put("priority", Priorities.MAX_CONFIGURED);
    for (int i = 0; i < entryPoints; i++) {
      ready.withArray("/entryPoints").add("e" + i);
    }
    // The file is a template for Traefik, in which two braces would begin an action.
    return root.toString().replace("{{", "\\u007b\\u007b");
  }

  private static ObjectNode router(ObjectNode routers, String name, String rule) {
    ObjectNode router = routers.putObject(name);
    router.put("rule", rule).put("service", "noop@internal").putArray("middlewares").add(name);
    return router;
  }

  private static void challenge(ObjectNode middlewares, String name) {
    ObjectNode auth = middlewares.putObject(name).putObject("basicAuth");
    auth.put("realm", name).putArray("users").add("u:{SHA}2jmj7l5rSw0yVb/vlWAYkK/YBwk=");
  }

  /// Compares status and error of every router with the API.
  void checkValidity() {
    for (JsonNode node : traefik.routers()) {
      TestedRouter router = byName.get(node.path("name").asString().replace("@file", ""));
      if (router != null) {
        Optional<String> kind =
            node.path("status").asString().equals("enabled")
                ? Optional.empty()
                : Optional.of(router.kindOf(node.path("error").path(0).asString()));
        assertThat(router.kind())
            .as("%s: %s %s", router.syntax(), router.rule(), node.path("error"))
            .isEqualTo(kind);
      }
    }
  }

  /// This component's result: the name of a router, `404` or `400`.
  String expected(int entryPoint, WireRequest request) {
    return request
        .atRouters()
        .map(seen ->
            byEntryPoint.getOrDefault(entryPoint, List.of()).stream()
                .filter(router -> router.matches(seen))
                .map(TestedRouter::name)
                .findFirst()
                .orElse("404"))
        .orElse("400");
  }

  /// Traefik's result.
  String actual(int entryPoint, WireRequest request) {
    try {
      WireRequest.Answer answer = request.send(traefik.port(entryPoint));
      return answer.realm().isEmpty() ? String.valueOf(answer.status()) : answer.realm();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The router whose rule the two must evaluate differently: of the two that were chosen, the one
  /// with the higher precedence.
  Optional<TestedRouter> culprit(String expected, String actual) {
    return Stream.of(expected, actual)
        .map(byName::get)
        .filter(Objects::nonNull)
        .max(Comparator.comparingLong(TestedRouter::priority));
  }

  @Override
  public void close() {
    traefik.close();
  }
}
