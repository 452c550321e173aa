package dev.postern.routing;

import static dev.postern.routing.Tables.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.config.Problem;
import dev.postern.routing.definition.ApplicationDefinition;
import dev.postern.routing.definition.ApplicationDefinition.Kind;
import dev.postern.routing.definition.Claim;
import dev.postern.routing.definition.MiddlewareDefinition;
import dev.postern.routing.definition.Provider;
import dev.postern.routing.definition.Snapshot;
import dev.postern.routing.pluginoptions.ChallengeResponse;
import dev.postern.routing.pluginoptions.ForwardOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoutesTest {
  /// Building a table from it fails.
  private static final Snapshot IMPOSSIBLE =
      new Snapshot(
          List.of(),
          List.of(),
          List.of(
              new ApplicationDefinition(
                  "all",
                  Kind.CATCH_ALL,
                  new Claim.OneHost("a.test"),
                  0,
                  null,
                  "",
                  "",
                  false,
                  "rules.yml:1")));

  private final Routes routes =
      new Routes(Duration.ofMinutes(1), InstantSource.system(), new RoutesListener() {});

  @Test
  void loaded_withoutATable_isNotTakenForGoodButTriedAgain() {
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> routes.loaded(Provider.FILE, IMPOSSIBLE, List.of()))
          .isInstanceOf(IllegalStateException.class);
      assertThat(routes.states()).isEmpty();
    }
    routes.loaded(Provider.TRAEFIK, Snapshot.EMPTY, List.of());
    assertThat(routes.states()).singleElement().extracting("failing").isEqualTo(false);
  }

  @Test
  void select_beforeAnExpectedSourceIsLoaded_storesNothing() {
    RoutedRequest request = to("a.test", "/");
    routes.expect(Provider.FILE);
    assertThat(routes.table().select(request).policy().ttl()).isZero();
    routes.failed(Provider.FILE, List.of(new Problem("rules.yml", "is broken")));
    routes.loaded(Provider.TRAEFIK, Snapshot.EMPTY, List.of());
    assertThat(routes.table().select(request).policy().ttl()).isZero();
    routes.loaded(Provider.FILE, Snapshot.EMPTY, List.of());
    assertThat(routes.table().select(request).policy().ttl()).isNull();
    routes.failed(Provider.FILE, List.of(new Problem("rules.yml", "is broken again")));
    assertThat(routes.table().select(request).policy().ttl()).isNull();
  }

  @Test
  void blockOfAFile_untilTraefiksApiIsLoaded_boundsButChangesNoChallenge() {
    ForwardOptions used = new ForwardOptions("m", Duration.ofSeconds(5), null, null);
    ForwardOptions unused =
        new ForwardOptions(
            "n",
            Duration.ofSeconds(9),
            null,
            new ForwardOptions.Paths(List.of("^/"), List.of(), 401, 302));
    Snapshot files =
        new Snapshot(
            List.of(Tables.through(Tables.router("a@file", "Host(`a.test`)"), "m@file")),
            List.of(
                new MiddlewareDefinition("m@file", "postern", List.of(), List.of(used)),
                new MiddlewareDefinition("n@file", "postern", List.of(), List.of(unused))),
            List.of());
    Snapshot api =
        new Snapshot(List.of(Tables.router("b@docker", "Host(`b.test`)")), List.of(), List.of());
    routes.awaitTraefik();
    routes.failed(Provider.TRAEFIK, List.of(new Problem("Traefik's API", "is not reached")));
    routes.loaded(Provider.FILE, files, List.of());
    RoutedRequest request = to("b.test", "/");
    assertThat(routes.table().challenge(request)).isEqualTo(ChallengeResponse.UNCHANGED);
    assertThat(routes.table().select(request).policy().ttl()).isEqualTo(Duration.ofSeconds(5));
    routes.loaded(Provider.TRAEFIK, api, List.of());
    assertThat(routes.table().challenge(request)).isEqualTo(new ChallengeResponse.Refused(401));
    assertThat(routes.table().select(request).policy().ttl()).isEqualTo(Duration.ofSeconds(9));
  }
}
