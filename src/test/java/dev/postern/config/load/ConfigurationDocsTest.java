package dev.postern.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.config.StaticConfig;
import dev.postern.config.key.Key;
import dev.postern.config.key.KeyTable;
import dev.postern.config.load.StaticConfigLoader.Loaded;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigurationDocsTest {
  private static final Path PAGE = Path.of("docs/configuration.md");
  private static final Path EXAMPLE = Path.of("docs/postern.example.yml");

  @Test
  void page_generatedFromTheTable_isTheCommittedOne() throws IOException {
    String page = ConfigurationDocs.page(Files.readString(EXAMPLE));
    if (Boolean.getBoolean("postern.docs.write")) {
      Files.writeString(PAGE, page);
    }
    assertThat(Files.exists(PAGE) ? Files.readString(PAGE) : "")
        .as(
            "%s is stale; run: mvn test -Dtest=ConfigurationDocsTest -Dpostern.docs.write=true",
            PAGE)
        .isEqualTo(page);
  }

  @Test
  void example_asItStands_isValidAndHoldsTheDefaults() {
    var loader = new StaticConfigLoader(Map.of("HOME", "/home/p"));
    var example = loader.load(List.of("--configFile=" + EXAMPLE));
    var defaults =
        loader.load(
            List.of(
                "--upstream.url=http://authentik-server:9000",
                "--entryPoints.auth",
                "--entryPoints.auths",
                "--stateDirectory=/var/lib/postern"));
    assertThat(example)
        .isInstanceOfSatisfying(
            Loaded.class,
            loaded ->
                assertThat((StaticConfig) loaded.value())
                    .isEqualTo(((Loaded<StaticConfig>) defaults).value()));
  }

  @Test
  void example_everyKeyOfTheTable_isInIt() throws IOException {
    String example = Files.readString(EXAMPLE);
    for (Key<?> key : StaticKeys.TABLE.keys()) {
      String name = key.name().replace(KeyTable.ANY_NAME, "");
      String word = name.substring(name.lastIndexOf('.') + 1);
      assertThat(example).as(key.name()).containsPattern("\\b" + word + ":");
    }
  }

  @Test
  void table_everyKey_hasAMeaningAndAValueToShow() {
    for (Key<?> key : StaticKeys.TABLE.keys()) {
      assertThat(key.help()).as(key.name()).endsWith(".");
      if (!key.standard().isEmpty()) {
        assertThat(key.defaultValue()).as(key.name()).isNotNull();
      } else if (!key.kind().secret() && !key.example().isEmpty()) {
        assertThat(key.exampleValue()).as(key.name()).isNotNull();
      }
    }
    assertThat(StaticKeys.TABLE.keys().stream().map(Key::name)).doesNotHaveDuplicates();
  }

  @Test
  void flagHelp_everyKey_isListed() {
    List<String> help = StaticConfigLoader.flagHelp();
    for (Key<?> key : StaticKeys.TABLE.keys()) {
      assertThat(help).anyMatch(line -> line.startsWith("  " + key.flag()));
    }
    assertThat(help).allMatch(line -> line.length() <= 100);
  }
}
