package dev.postern.routing.explain;

import dev.postern.net.ForwardedRequest;
import dev.postern.routing.Application;
import dev.postern.routing.RouteTable;
import dev.postern.routing.RouteTable.Listed;
import dev.postern.routing.RoutedRequest;
import dev.postern.routing.Router;
import dev.postern.routing.explain.Explanation.ApplicationLine;
import dev.postern.routing.explain.Explanation.RouterLine;
import java.util.ArrayList;
import java.util.List;

/// Explains how a route table treats a request.
public final class Explainer {
  private final RouteTable table;
  private final ForwardedRequest request;
  private final RoutedRequest routed;
  private final List<String> remarks = new ArrayList<>();

  private Explainer(RouteTable table, ForwardedRequest request) {
    this.table = table;
    this.request = request;
    this.routed = new RoutedRequest(request);
  }

  /// Explains a request.
  public static Explanation explain(RouteTable table, ForwardedRequest request) {
    return new Explainer(table, request).explanation();
  }

  private Explanation explanation() {
    Application chosen = table.select(routed);
    List<Listed> claiming = table.claiming(routed);
    ApplicationReasons reasons = new ApplicationReasons(request, chosen, claiming);
    List<Router> matching = table.matching(routed);
    RouterReasons routers = new RouterReasons(request, matching);
    Router logged = table.router(routed);
    remarks.addAll(reasons.remarks(table));
    remarks.addAll(routers.remarks(table, logged));
    remarks.addAll(table.optionReasons(routed));
    if (routed.isUndecided()) {
      remarks.add(
          "Rules are not evaluated for a URL or header value above 16 KiB: such a request is never"
              + " cached, and the smallest of all limits applies.");
    }
    return new Explanation(
        request.method() + " " + request.proto() + "://" + request.host() + request.uri(),
        chosen.name(),
        chosen.configured(),
        reasons.because(),
        chosen.policy().shared(),
        reasons.sharing(),
        claiming.stream().map(Explainer::line).toList(),
        matching.stream().map(Explainer::line).toList(),
        routers.choices(),
        logged == null ? "" : logged.name(),
        remarks);
  }

  private static ApplicationLine line(Listed one) {
    return new ApplicationLine(
        one.application().name(),
        ApplicationReasons.kind(one.definition().kind()),
        ApplicationReasons.claim(one.definition().claim()),
        one.definition().rank(),
        one.provider().text(),
        one.definition().origin());
  }

  private static RouterLine line(Router router) {
    return new RouterLine(
        router.name(),
        router.definition().rule(),
        router.priority(),
        router.definition().priority() != 0,
        router.definition().entryPoints(),
        router.definition().tls(),
        router.definition().origin());
  }
}
