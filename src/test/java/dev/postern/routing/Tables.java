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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Helpers to build route tables, their inputs, and requests.
final class Tables {
  /// `cache.ttl` of every table here.
  static final Duration TTL = Duration.ofSeconds(60);

  private final Map<Provider, Snapshot> snapshots = new EnumMap<>(Provider.class);

  private Tables() {}

  static Tables of(Provider provider, ApplicationDefinition... applications) {
    return new Tables().and(provider, applications);
  }

  Tables and(Provider provider, ApplicationDefinition... applications) {
    snapshots.put(provider, new Snapshot(List.of(), List.of(), List.of(applications)));
    return this;
  }

  Map<Provider, Snapshot> snapshots() {
    return snapshots;
  }

  RouteTable table() {
    return after(RouteTable.EMPTY);
  }

  RouteTable after(RouteTable before) {
    return RouteTable.of(snapshots, TTL, before);
  }

  static RouteTable ofRouters(RouterDefinition... routers) {
    return RouteTable.of(
        Map.of(Provider.FILE, new Snapshot(List.of(routers), List.of(), List.of())),
        TTL,
        RouteTable.EMPTY);
  }

  static ApplicationDefinition individual(String name, String rule) {
    return ruled(name, Kind.INDIVIDUAL, rule);
  }

  static ApplicationDefinition ruled(String name, Kind kind, String rule) {
    return define(name, kind, new Claim.Matching(rule, RuleSyntax.V3));
  }

  static ApplicationDefinition host(String name, String host) {
    return define(name, Kind.INDIVIDUAL, new Claim.OneHost(host));
  }

  static ApplicationDefinition domain(String name, String domain) {
    return define(name, Kind.CATCH_ALL, new Claim.Domain(domain));
  }

  static ApplicationDefinition shared(ApplicationDefinition one) {
    return new ApplicationDefinition(
        one.name(),
        one.kind(),
        one.claim(),
        one.priority(),
        one.ttl(),
        one.slug(),
        one.audience(),
        true,
        one.origin());
  }

  static ApplicationDefinition priority(long priority, ApplicationDefinition one) {
    return new ApplicationDefinition(
        one.name(),
        one.kind(),
        one.claim(),
        priority,
        one.ttl(),
        one.slug(),
        one.audience(),
        one.share(),
        one.origin());
  }

  static ApplicationDefinition ttl(@Nullable Integer seconds, ApplicationDefinition one) {
    return new ApplicationDefinition(
        one.name(),
        one.kind(),
        one.claim(),
        one.priority(),
        seconds == null ? null : Duration.ofSeconds(seconds),
        one.slug(),
        one.audience(),
        one.share(),
        one.origin());
  }

  static ApplicationDefinition slug(String slug, ApplicationDefinition one) {
    return new ApplicationDefinition(
        one.name(),
        one.kind(),
        one.claim(),
        one.priority(),
        one.ttl(),
        slug,
        "client-of-" + slug,
        one.share(),
        one.origin());
  }

  private static ApplicationDefinition define(String name, Kind kind, Claim claim) {
    return new ApplicationDefinition(name, kind, claim, 0, null, "", "", false, name + ".yml:1");
  }

  static RouterDefinition router(String name, String rule, String... entryPoints) {
    return new RouterDefinition(
        name, rule, "", 0, List.of(entryPoints), List.of(), "s", true, "", name + ".yml:1");
  }

  static RouterDefinition through(RouterDefinition one, String... middlewares) {
    return new RouterDefinition(
        one.name(),
        one.rule(),
        one.ruleSyntax(),
        one.priority(),
        one.entryPoints(),
        List.of(middlewares),
        one.service(),
        one.tls(),
        one.refused(),
        one.origin());
  }

  static RoutedRequest to(String host) {
    return to(host, "/");
  }

  static RoutedRequest to(String host, String uri) {
    return to("https", host, uri);
  }

  static RoutedRequest to(String proto, String host, String uri, HeaderLine... more) {
    List<HeaderLine> lines = new ArrayList<>();
    lines.add(new HeaderLine("X-Forwarded-Method", "GET"));
    lines.add(new HeaderLine("X-Forwarded-Proto", proto));
    lines.add(new HeaderLine("X-Forwarded-Host", host));
    lines.add(new HeaderLine("X-Forwarded-Uri", uri));
    lines.addAll(List.of(more));
    return new RoutedRequest(ForwardedRequest.read("GET", "/auth", "", HeaderLines.of(lines)));
  }
}
