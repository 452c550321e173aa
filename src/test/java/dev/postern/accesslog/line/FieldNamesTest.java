package dev.postern.accesslog.line;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.config.Problem;
import dev.postern.config.StaticConfig;
import dev.postern.config.load.StaticConfigLoader;
import dev.postern.config.load.StaticConfigLoader.Loaded;
import dev.postern.config.load.StaticConfigLoader.Refused;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FieldNamesTest {
  private static final String URL = "--upstream.url=http://outpost:9000";

  @ParameterizedTest
  @EnumSource(Field.class)
  void name_ofEachField_isKnownToTheConfiguration(Field field) {
    assertThat(load("--accessLog.fields.names." + field.text() + "=drop"))
        .isInstanceOf(Loaded.class);
  }

  @Test
  void fields_inTheirOrder_areSortedByTheBytesOfTheirNames() {
    List<String> names = Arrays.stream(Field.values()).map(Field::text).toList();
    assertThat(names).isSorted();
  }

  @ParameterizedTest
  @ValueSource(strings = {"otlp", "otlp.http.endpoint", "otlp.serviceName", "dualOutput"})
  void load_exportOverOtlp_isRefusedWithAMessageInEverySpelling(String key) {
    var variable = Map.of("POSTERN_ACCESSLOG_" + key.replace('.', '_'), "x");
    for (var result :
        List.of(
            load("--accessLog." + key + "=x"),
            new StaticConfigLoader(variable).load(List.of(URL)))) {
      assertThat(result)
          .isInstanceOfSatisfying(
              Refused.class,
              refused ->
                  assertThat(problems(refused))
                      .singleElement()
                      .asString()
                      .contains("not supported"));
    }
  }

  @Test
  void load_variableForAHeader_setsItsMode() {
    var variables = Map.of("POSTERN_ACCESSLOG_FIELDS_HEADERS_NAMES_User-Agent", "keep");
    assertThat(new StaticConfigLoader(variables).load(List.of(URL)))
        .isInstanceOfSatisfying(
            Loaded.class,
            loaded ->
                assertThat(((StaticConfig) loaded.value()).accessLog())
                    .satisfies(log ->
                        assertThat(log.fields().headers().names()).containsOnlyKeys("user-agent")));
  }

  private static StaticConfigLoader.Result<StaticConfig> load(String flag) {
    return new StaticConfigLoader(Map.of()).load(Stream.of(URL, flag).toList());
  }

  private static List<Problem> problems(Refused<?> refused) {
    return refused.problems();
  }
}
