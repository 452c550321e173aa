package dev.postern.testing.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ProgramConditionTest {
  private static final ExternalProgram[] BOTH = {
    ExternalProgram.TRAEFIK, ExternalProgram.REDIS_SERVER
  };

  @Test
  void evaluate_allInstalled_runs() {
    assertThat(ProgramCondition.evaluate(BOTH, p -> true, true).isDisabled()).isFalse();
  }

  @Test
  void evaluate_oneMissing_skipsAndNamesIt() {
    var result = ProgramCondition.evaluate(BOTH, p -> p != ExternalProgram.REDIS_SERVER, false);
    assertThat(result.isDisabled()).isTrue();
    assertThat(result.getReason().orElseThrow())
        .contains("-Dpostern.redis-server=")
        .doesNotContain("traefik");
  }

  @Test
  void evaluate_oneMissingInCi_fails() {
    assertThatThrownBy(
            () -> ProgramCondition.evaluate(BOTH, p -> p != ExternalProgram.TRAEFIK, true))
        .hasMessageContaining("traefik");
  }
}
