package dev.postern.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.routing.RouteTable;
import dev.postern.routing.RoutedRequest;
import dev.postern.routing.definition.ApplicationDefinition;
import dev.postern.routing.definition.ApplicationDefinition.Kind;
import dev.postern.routing.definition.Claim;
import dev.postern.routing.definition.Provider;
import dev.postern.routing.definition.Snapshot;
import dev.postern.rules.RuleSyntax;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Clients and administrators may spell the same host differently (invariant 5).
class HostSpellingRevocationTest {
  private static final Ask ALICE = Ask.with("alice");
  private static final List<String> SPELLINGS =
      List.of("vault.test", "VAULT.test", "vault.test.", "vault.test:443", "vAuLt.test.:80");

  private final World world = new World(World.config(1, Duration.ZERO, Duration.ZERO));

  private static RouteTable table() {
    return table("Host(`vault.test`)");
  }

  private static RouteTable table(String rule) {
    ApplicationDefinition vault =
        new ApplicationDefinition(
            "vault",
            Kind.INDIVIDUAL,
            new Claim.Matching(rule, RuleSyntax.V3),
            0,
            null,
            "",
            "",
            false,
            "",
            Map.of());
    return RouteTable.of(
        Map.of(Provider.FILE, new Snapshot(List.of(), List.of(), List.of(vault))),
        World.DEFAULTS.ttl(),
        RouteTable.EMPTY);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"vault", "vault.test", "VAULT.test", "vault.test:443", "vAUlt.test.:8443"})
  void revocation_ofAnApplicationOrHost_endsTheEntriesOfEverySpelling(String name) {
    RouteTable table = table();
    world.applications = request -> table.select(new RoutedRequest(request));
    for (String spelling : SPELLINGS) {
      world.call(ALICE.host(spelling), world.allow("alice"));
      assertThat(world.isHit(ALICE.host(spelling))).as(spelling).isTrue();
    }
    world.call(ALICE.host("other.test"), world.allow("alice"));

    world.cache.revocations().byApplication(name, RevocationSource.ADMIN);

    for (String spelling : SPELLINGS) {
      assertThat(world.isHit(ALICE.host(spelling))).as(spelling).isFalse();
    }
    assertThat(world.isHit(ALICE.host("other.test"))).isTrue();
  }

  /// If no rule was evaluated for a request, its application is unknown (invariant 4).
  @Test
  void refusalOfALongRequest_endsTheCredentialsEntriesOfEveryPossibleApplication() {
    RouteTable table = table("Host(`vault.test`) && PathPrefix(`/`)");
    world.applications = request -> table.select(new RoutedRequest(request));
    Ask alice = ALICE.host("vault.test");
    Ask longer = alice.uri("/" + "a".repeat(20_000));
    world.call(alice, world.allow("alice"));
    world.call(Ask.with("bob").host("vault.test"), world.allow("bob"));
    world.call(longer, world.allow("alice"));
    assertThat(world.isHit(longer)).as("stored").isFalse();
    assertThat(world.isHit(alice)).isTrue();

    world.call(longer, Verdicts.deny());

    assertThat(world.isHit(alice)).isFalse();
    assertThat(world.isHit(Ask.with("bob").host("vault.test"))).isTrue();
  }

  @Test
  void revocationOfAnApplication_reachesTheCheckOfALongRequest() {
    RouteTable table = table("Host(`vault.test`) && PathPrefix(`/`)");
    world.applications = request -> table.select(new RoutedRequest(request));
    var caller = world.call(ALICE.host("vault.test").uri("/" + "a".repeat(20_000)));
    world.cache.revocations().byApplication("vault", RevocationSource.ADMIN);
    world.upstream.answer(world.allow("alice"));
    assertThat(caller.decisions).as("checked once more").isEmpty();
    world.upstream.answer(world.allow("alice"));
    assertThat(caller.relayed()).isInstanceOf(Verdict.Allow.class);
  }
}
