package dev.postern.testing;

import dev.postern.routing.RouteTable;
import dev.postern.routing.definition.ApplicationDefinition;
import dev.postern.routing.definition.Claim;
import dev.postern.routing.definition.Provider;
import dev.postern.routing.definition.RouterDefinition;
import dev.postern.routing.definition.Snapshot;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Route tables for tests.
public final class Tables {
  private Tables() {}

  /// A snapshot with routers and applications. The host of each is the first word of its name with
  /// `.test`; the service of a router has the router's name.
  ///
  /// @param routers qualified names
  /// @param applications names
  /// @return the snapshot
  public static Snapshot snapshot(List<String> routers, List<String> applications) {
    return new Snapshot(
        routers.stream().map(Tables::router).toList(),
        List.of(),
        applications.stream().map(Tables::application).toList());
  }

  /// The table of one such snapshot.
  ///
  /// @param routers qualified names
  /// @param applications names
  public static RouteTable table(List<String> routers, List<String> applications) {
    return RouteTable.of(
        Map.of(Provider.FILE, snapshot(routers, applications)),
        Duration.ofSeconds(60),
        RouteTable.EMPTY);
  }

  private static RouterDefinition router(String name) {
    String first = name.substring(0, name.indexOf('@'));
    return new RouterDefinition(
        name, "Host(`" + first + ".test`)", "", 0, List.of(), List.of(), first, true, "", "test");
  }

  private static ApplicationDefinition application(String name) {
    return new ApplicationDefinition(
        name,
        ApplicationDefinition.Kind.INDIVIDUAL,
        new Claim.OneHost(name + ".test"),
        0,
        null,
        "",
        "",
        false,
        "test",
        Map.of());
  }
}
