package dev.postern.routing;

import static dev.postern.routing.Tables.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.config.Problem;
import dev.postern.http.ForwardedRequest;
import dev.postern.routing.definition.ApplicationDefinition;
import dev.postern.routing.definition.ApplicationDefinition.Kind;
import dev.postern.routing.definition.Claim;
import dev.postern.routing.definition.Provider;
import dev.postern.routing.definition.Snapshot;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;

class RoutesTest {
  /// Of which no table can be made.
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
  void select_beforeAnExpectedSourceIsLoaded_letsNothingBeRemembered() {
    ForwardedRequest request = to("a.test", "/");
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
}
