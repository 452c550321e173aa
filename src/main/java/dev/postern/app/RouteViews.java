package dev.postern.app;

import dev.postern.config.Problem;
import dev.postern.config.key.GoDuration;
import dev.postern.routing.Application;
import dev.postern.routing.RouteTable;
import dev.postern.routing.Router;
import dev.postern.routing.Routes;
import dev.postern.routing.definition.ApplicationDefinition.Kind;
import dev.postern.routing.definition.Claim;
import dev.postern.routing.definition.ProviderState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// Admin API views of the route table and its sources.
final class RouteViews {
  private final Routes routes;
  private final Duration ttl;

  /// @param ttl `cache.ttl`, for applications without a TTL of their own
  RouteViews(Routes routes, Duration ttl) {
    this.routes = routes;
    this.ttl = ttl;
  }

  /// `/api/applications`: the applications in the order in which they are matched.
  ///
  /// @param requests number of requests by application name
  List<Map<String, ?>> applications(ToLongFunction<String> requests) {
    List<Map<String, ?>> rows = new ArrayList<>();
    for (RouteTable.Listed listed : routes.table().applications()) {
      Application.Policy policy = listed.application().policy();
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("name", listed.application().name());
      row.put("kind", kind(listed.definition().kind()));
      row.put("provider", listed.provider().text());
      row.put("origin", listed.definition().origin());
      claim(listed.definition().claim(), row);
      row.put("priority", listed.definition().rank());
      row.put("ttl", life(policy.ttl()));
      row.put("share", policy.shared());
      putUnlessEmpty(row, "slug", policy.slug());
      putUnlessEmpty(row, "audience", policy.audience());
      row.put("requests", requests.applyAsLong(listed.application().name()));
      rows.add(row);
    }
    return rows;
  }

  private String life(@Nullable Duration own) {
    return GoDuration.text(own == null ? ttl : own);
  }

  private static String kind(Kind kind) {
    return switch (kind) {
      case INDIVIDUAL -> "individual";
      case CATCH_ALL -> "catchAll";
    };
  }

  private static void claim(Claim claim, Map<String, Object> row) {
    switch (claim) {
      case Claim.Matching(String text, var syntax) -> {
        row.put("rule", text);
        row.put("ruleSyntax", syntax.name().toLowerCase(java.util.Locale.ROOT));
      }
      case Claim.OneHost(String host) -> row.put("host", host);
      case Claim.Domain(String domain) -> row.put("cookieDomain", domain);
    }
  }

  /// `/api/routers`: the routers in the order in which Traefik matches them.
  ///
  /// @param requests number of requests by router name
  List<Map<String, ?>> routers(ToLongFunction<String> requests) {
    List<Map<String, ?>> rows = new ArrayList<>();
    for (Router router : routes.table().routers()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("name", router.name());
      row.put("rule", router.definition().rule());
      putUnlessEmpty(row, "ruleSyntax", router.definition().ruleSyntax());
      row.put("priority", router.priority());
      row.put("entryPoints", router.definition().entryPoints());
      row.put("middlewares", router.definition().middlewares());
      row.put("service", router.definition().service());
      row.put("tls", router.definition().tls());
      row.put("status", router.refusal().isEmpty() ? "enabled" : "disabled");
      putUnlessEmpty(row, "error", router.refusal());
      row.put("origin", router.definition().origin());
      row.put("requests", requests.applyAsLong(router.name()));
      rows.add(row);
    }
    return rows;
  }

  /// The state of each source, for `/api/overview`.
  List<Map<String, ?>> providers() {
    List<Map<String, ?>> rows = new ArrayList<>();
    for (ProviderState state : routes.states()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("name", state.provider().text());
      row.put("status", state.failing() ? "failing" : "good");
      if (state.loadedAt() != null) {
        row.put("loadedAt", state.loadedAt().toString());
      }
      row.put("attempts", state.attempts());
      row.put("failures", state.failures());
      row.put("problems", state.problems().stream().map(Problem::toString).toList());
      rows.add(row);
    }
    return rows;
  }

  private static void putUnlessEmpty(Map<String, Object> row, String name, String value) {
    if (!value.isEmpty()) {
      row.put(name, value);
    }
  }
}
