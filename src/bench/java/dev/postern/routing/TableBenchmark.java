package dev.postern.routing;

import dev.postern.net.ForwardedRequest;
import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import dev.postern.routing.definition.ApplicationDefinition;
import dev.postern.routing.definition.ApplicationDefinition.Kind;
import dev.postern.routing.definition.Claim;
import dev.postern.routing.definition.Provider;
import dev.postern.routing.definition.RouterDefinition;
import dev.postern.routing.definition.Snapshot;
import dev.postern.rules.RuleSyntax;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// A table of many routers, and as many applications: how long it takes to choose, and to make the
/// table anew. Of ten routers eight name one host, one names a host and a path, and one is a
/// pattern for the hosts of a domain of its own; one of a hundred names no host at all.
///
/// `mvn -P bench test-compile exec:exec@bench -Dbench.arguments="TableBenchmark -f 1"`
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
public class TableBenchmark {
  private static final Duration TTL = Duration.ofSeconds(60);

  /// How many routers there are.
  @Param({"1", "100", "10000"})
  public int routers = 1;

  /// Whether some of the rules name no host, so that they have to be asked one by one.
  @Param({"false", "true"})
  public boolean patterns;

  private RouteTable table = RouteTable.EMPTY;
  private Snapshot snapshot = Snapshot.EMPTY;
  private ForwardedRequest[] requests = {};
  private int next;

  /// Makes the table and requests to a hundred of its hosts.
  @Setup
  public void build() {
    List<RouterDefinition> all = new ArrayList<>();
    List<ApplicationDefinition> applications = new ArrayList<>();
    for (int i = 0; i < routers; i++) {
      String rule = rule(i);
      all.add(
          new RouterDefinition(
              "r" + i + "@file",
              rule,
              "",
              0,
              List.of("websecure"),
              List.of("auth@file"),
              "s",
              true,
              "",
              "rules.yml:" + i));
      applications.add(
          new ApplicationDefinition(
              "a" + i,
              Kind.INDIVIDUAL,
              new Claim.Matching(rule, RuleSyntax.V3),
              0,
              null,
              "",
              "",
              false,
              "rules.yml:" + i));
    }
    snapshot = new Snapshot(all, List.of(), applications);
    table = RouteTable.of(Map.of(Provider.FILE, snapshot), TTL, RouteTable.EMPTY);
    requests = new ForwardedRequest[Math.min(routers, 100)];
    for (int i = 0; i < requests.length; i++) {
      requests[i] = request("app" + i * (routers / requests.length) + ".domain.tld");
    }
  }

  private String rule(int i) {
    if (patterns && i % 100 == 99) {
      return "HostRegexp(`^[a-z]+\\.other" + i + "\\.tld$`)";
    }
    return i % 10 == 8
        ? "Host(`app" + i + ".domain.tld`) && PathPrefix(`/`)"
        : "Host(`app" + i + ".domain.tld`)";
  }

  private static ForwardedRequest request(String host) {
    return ForwardedRequest.read(
        "GET",
        "/auth",
        "",
        HeaderLines.of(
            List.of(
                new HeaderLine("X-Forwarded-Method", "GET"),
                new HeaderLine("X-Forwarded-Proto", "https"),
                new HeaderLine("X-Forwarded-Host", host),
                new HeaderLine("X-Forwarded-Uri", "/index.html"),
                new HeaderLine("X-Forwarded-For", "192.0.2.1"))));
  }

  private ForwardedRequest request() {
    next = (next + 1) % requests.length;
    return requests[next];
  }

  /// Which application decides.
  @Benchmark
  @OutputTimeUnit(TimeUnit.NANOSECONDS)
  public Application select() {
    return table.select(new RoutedRequest(request()));
  }

  /// Which router it came through.
  @Benchmark
  @OutputTimeUnit(TimeUnit.NANOSECONDS)
  public @Nullable Router router() {
    return table.router(new RoutedRequest(request()));
  }

  /// Makes the table from what the sources say, rules compiled anew.
  @Benchmark
  @OutputTimeUnit(TimeUnit.MILLISECONDS)
  public RouteTable reload() {
    return RouteTable.of(Map.of(Provider.FILE, snapshot), TTL, RouteTable.EMPTY);
  }
}
