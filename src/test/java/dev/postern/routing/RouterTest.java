package dev.postern.routing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.routing.definition.RouterDefinition;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterTest {
  @ParameterizedTest
  @CsvSource({
    "app@file, s, s@file",
    "app@file, s@docker, s@docker",
    "app, s, s",
    "a@b@file, s, s",
    "app@file, '', ''"
  })
  void service_withoutProvider_isOfTheRoutersOwnWhereThatIsKnown(
      String name, String service, String qualified) {
    Router router =
        Router.of(
            new RouterDefinition(
                name,
                "Host(`a.test`)",
                "",
                0,
                List.of(),
                List.of(),
                service,
                true,
                "",
                "rules.yml:1"));
    assertThat(router.service()).isEqualTo(qualified);
  }
}
