package dev.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.config.EffectiveSettings;
import dev.postern.config.StaticConfig;
import dev.postern.config.load.StaticConfigLoader;
import dev.postern.config.load.StaticConfigLoader.Loaded;
import dev.postern.config.load.StaticConfigLoader.Refused;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What SIGHUP says about a changed static configuration.
class StaticReloadTest {
  private static EffectiveSettings with(String... flags) {
    List<String> all = new ArrayList<>(List.of("--upstream.url=http://outpost:9000"));
    all.addAll(List.of(flags));
    return switch (new StaticConfigLoader(Map.of()).load(all)) {
      case Loaded<StaticConfig>(var config, _) -> config.effective();
      case Refused<StaticConfig>(var problems) -> throw new AssertionError(problems);
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "accessLog.filters.statusCodes=401,500-599 | is not set and would be 401,500-599",
        "accessLog.filters.minDuration=1s | is 0s and would be 1s",
        "accessLog.fields.defaultMode=drop | is keep and would be drop",
        "accessLog.fields.names.ClientUsername=drop | is not set and would be drop",
        "accessLog.fields.headers.names.User-Agent=keep | is not set and would be keep",
        "metrics.prometheus.addRoutersLabels=true | is false and would be true",
        "cache.loginLimit.sourceCriterion.ipStrategy.depth=2 | is 1 and would be 2",
        "entryPoints.auth.forwardedHeaders.trustedIPs=10.0.0.0/8"
            + "| is loopback,private and would be 10.0.0.0/8",
      })
  void differences_ofAnyKey_nameIt(String change, String expected) {
    String key = change.substring(0, change.indexOf('='));
    assertThat(
            StaticReload.differences(
                with("--accessLog=true"), with("--accessLog=true", "--" + change)))
        .containsExactly("Needs a restart: " + key + " " + expected);
  }

  @Test
  void differences_ofTheSameValueInOtherWords_areNone() {
    assertThat(StaticReload.differences(with("--cache.ttl=60s"), with("--cache.ttl=1m"))).isEmpty();
  }

  @Test
  void differences_ofASecret_doNotShowIt() {
    assertThat(StaticReload.differences(with("--admin.token=first"), with("--admin.token=second")))
        .containsExactly("Needs a restart: admin.token has changed");
    assertThat(StaticReload.differences(with(), with("--admin.token=second")))
        .containsExactly("Needs a restart: admin.token is not set and would be ***");
  }

  @Test
  void differences_ofASectionThatIsNewlyOn_nameItsKeys() {
    assertThat(StaticReload.differences(with(), with("--accessLog=true")))
        .contains("Needs a restart: accessLog.format is not set and would be common");
  }
}
