package dev.postern.routing.explain;

import dev.postern.config.key.Words;
import dev.postern.net.ForwardedRequest;
import dev.postern.routing.RouteTable;
import dev.postern.routing.Router;
import dev.postern.routing.explain.Explanation.Choice;
import dev.postern.rules.Priorities;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Explains why a router handles a request.
final class RouterReasons {
  private final ForwardedRequest request;
  private final List<Router> matching;
  private final List<Router> candidates;
  private final boolean isTls;

  RouterReasons(ForwardedRequest request, List<Router> matching) {
    this.request = request;
    this.matching = matching;
    isTls = request.proto().equals("https") || request.proto().equals("wss");
    List<Router> same =
        matching.stream().filter(router -> router.definition().tls() == isTls).toList();
    candidates = same.isEmpty() && isTls ? matching : same;
  }

  /// The router at each entry point; a single choice if it is the same everywhere.
  List<Choice> choices() {
    Map<String, List<String>> placesByWinner = new LinkedHashMap<>();
    Map<String, String> reasons = new LinkedHashMap<>();
    var names = new TreeSet<String>();
    candidates.forEach(router -> names.addAll(router.definition().entryPoints()));
    if (names.isEmpty()) {
      names.add("");
    }
    for (String name : names) {
      List<Router> here = candidates.stream().filter(router -> isAt(router, name)).toList();
      if (!here.isEmpty()) {
        String winner = here.getFirst().name();
        placesByWinner.computeIfAbsent(winner, _ -> new ArrayList<>()).add(name);
        reasons.putIfAbsent(winner, because(here));
      }
    }
    boolean isOne = placesByWinner.size() == 1;
    return placesByWinner.entrySet().stream()
        .map(one ->
            new Choice(
                isOne ? List.of() : one.getValue(),
                one.getKey(),
                reasons.getOrDefault(one.getKey(), "")))
        .toList();
  }

  private static boolean isAt(Router router, String entryPoint) {
    List<String> own = router.definition().entryPoints();
    return own.isEmpty() || entryPoint.isEmpty() || own.contains(entryPoint);
  }

  private static String because(List<Router> inOrder) {
    if (inOrder.size() == 1) {
      return "no other router matches";
    }
    Router first = inOrder.getFirst();
    Router second = inOrder.get(1);
    if (first.priority() != second.priority()) {
      return priority(first) + " is above the " + priority(second) + " of " + second.name();
    }
    boolean isSameProvider =
        Priorities.provider(first.name()).equals(Priorities.provider(second.name()));
    String equal = priority(first) + " equals that of " + second.name();
    return isSameProvider
        ? equal
            + "; Traefik's order is then undefined, and ordering by name is a guess: give one of"
            + " them a priority"
        : equal + ", and its provider comes first in Traefik's providers.precedence";
  }

  private static String priority(Router router) {
    return router.definition().priority() != 0
        ? "priority " + router.priority()
        : "priority " + router.priority() + " (the length of its rule)";
  }

  List<String> remarks(RouteTable table, @Nullable Router logged) {
    List<String> remarks = new ArrayList<>();
    if (matching.isEmpty()) {
      remarks.add(
          table.routers().isEmpty()
              ? "No routers are configured here."
              : "No router matches ("
                  + Words.count(table.routers().size(), "router")
                  + " known); unless Traefik has others, it responds with 404.");
    } else if (candidates.isEmpty()) {
      remarks.add(
          "All matching routers serve TLS only; over plain HTTP Traefik responds with 404.");
    } else if (isTls && candidates.stream().noneMatch(router -> router.definition().tls())) {
      remarks.add(
          "No router that matches has a tls section: they serve https only at an entry point with"
              + " http.tls.");
    } else if (isTls) {
      matching.stream()
          .filter(router -> !router.definition().tls())
          .map(Router::name)
          .forEach(name ->
              remarks.add(
                  name
                      + " has no tls section: it serves https only at an entry point with http.tls,"
                      + " which the files do not show."));
    }
    List<Router> refused =
        table.routers().stream().filter(one -> !one.refusal().isEmpty()).toList();
    if (refused.size() == 1) {
      Router one = refused.getFirst();
      remarks.add("Router " + one.name() + " is ignored here: " + one.refusal() + ".");
    } else if (!refused.isEmpty()) {
      remarks.add(
          refused.size()
              + " routers are ignored here, because Traefik does not serve them or Postern does not"
              + " support them; postern validate shows why.");
    }
    boolean asksAddress =
        table.routers().stream().anyMatch(one -> one.definition().rule().contains("ClientIP"));
    if (asksAddress && request.headers().count("X-Forwarded-For") == 0) {
      remarks.add("Some rules match on the client's address; set one with --client.");
    }
    if (!candidates.isEmpty() && logged == null) {
      remarks.add(
          "Logs and metrics name no router: judging by what Traefik forwards, more than one may"
              + " have handled the request.");
    }
    return remarks;
  }
}
