package dev.postern.routing.lint;

import dev.postern.routing.RouteTable;
import dev.postern.routing.Router;
import dev.postern.routing.definition.Provider;
import dev.postern.routing.definition.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Checks the content of a rules directory.
public final class Lint {
  private Lint() {}

  /// Checks a directory's content.
  ///
  /// @return the findings, ordered by subject
  public static List<Finding> check(Snapshot snapshot) {
    RouteTable table =
        RouteTable.of(Map.of(Provider.FILE, snapshot), Duration.ofDays(1), RouteTable.EMPTY);
    List<Router> routers = table.routers();
    List<Finding> findings = new ArrayList<>();
    routers.forEach(router -> findings.addAll(RuleChecks.of(router)));
    findings.addAll(RouterChecks.of(routers));
    findings.addAll(ApplicationChecks.of(table.applications()));
    return findings;
  }
}
