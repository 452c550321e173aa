package dev.postern.app;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.config.StaticConfig;
import dev.postern.config.load.StaticConfigLoader;
import dev.postern.config.load.StaticConfigLoader.Loaded;
import dev.postern.config.load.StaticConfigLoader.Refused;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Messages about entry points that cannot be opened.
class EntryPointsTest {
  @TempDir Path directory;

  private StaticConfig config(String name, String address) {
    List<String> flags =
        List.of(
            "--upstream.url=http://127.0.0.1:9",
            "--stateDirectory=" + directory,
            "--entryPoints.auth.address=" + (name.equals("auth") ? address : "127.0.0.1:0"),
            "--entryPoints.admin.address=" + (name.equals("admin") ? address : "127.0.0.1:0"));
    return switch (new StaticConfigLoader(Map.of()).load(flags)) {
      case Loaded<StaticConfig>(var config, _) -> config;
      case Refused<StaticConfig>(var problems) -> throw new AssertionError(problems);
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "auth | no_where.invalid:9 | the name no_where.invalid cannot be resolved here",
        "admin | no_where.invalid:9 | the name no_where.invalid cannot be resolved here",
        "auth | [fe80::1%nowhere9]:9 | there is no network interface nowhere9 here",
      })
  void open_unknownHost_saysSoWithTheFix(String name, String address, String why) {
    StaticConfig config = config(name, address);
    assertThatThrownBy(() -> Sidecar.start(config).close())
        .isInstanceOf(StartException.class)
        .hasMessageStartingWith("entryPoints." + name + ".address ")
        .hasMessageEndingWith(
            " cannot be opened: "
                + why
                + "; write an address of this machine, or the port alone (:9) for all of them");
  }
}
