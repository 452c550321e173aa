package dev.postern.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.config.LogConfig;
import dev.postern.config.LogConfig.Format;
import dev.postern.config.LogConfig.Level;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class LoggingTest {
  private static final String TIME = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ";
  private static final JsonMapper JSON = JsonMapper.shared();

  @TempDir private static Path directory;

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final Logger log = LoggerFactory.getLogger("dev.postern.test");

  @AfterEach
  void restore() throws IOException {
    Logging.start(new LogConfig(Level.INFO, Format.COMMON, null, true));
  }

  @Test
  void common_messageAndPairs_areOneReadableLine() {
    start(Level.INFO, Format.COMMON);
    log.atInfo()
        .addKeyValue("application", "app.example.org")
        .addKeyValue("count", 3)
        .addKeyValue("reason", "two words \"quoted\"")
        .addKeyValue("empty", "")
        .log("called {}", "once");
    assertThat(text())
        .matches(
            TIME
                + " INF called once application=app.example.org count=3"
                + " reason=\"two words \\\\\"quoted\\\\\"\" empty=\"\"\n");
  }

  @Test
  void json_messageAndPairs_areOneObject() {
    start(Level.INFO, Format.JSON);
    log.atWarn()
        .addKeyValue("count", 3L)
        .addKeyValue("ok", true)
        .addKeyValue("a", "b")
        .log("hello");
    assertThat(text())
        .matches(
            "\\{\"level\":\"warn\",\"time\":\""
                + TIME
                + "\",\"message\":\"hello\",\"count\":3,\"ok\":true,\"a\":\"b\"}\n");
  }

  @ParameterizedTest
  @CsvSource({"TRACE, TRC DBG INF WRN ERR", "INFO, INF WRN ERR", "WARN, WRN ERR", "ERROR, ERR"})
  void level_isTheMinimumThatIsWritten(Level level, String written) {
    start(level, Format.COMMON);
    log.trace("x");
    log.debug("x");
    log.info("x");
    log.warn("x");
    log.error("x");
    assertThat(text().lines().map(line -> line.split(" ", -1)[1]))
        .containsExactly(written.split(" ", -1));
  }

  @ParameterizedTest
  @CsvSource({"INFO, 1", "DEBUG, 2", "ERROR, 0"})
  void libraries_areQuietUnlessDebugging(Level level, int lines) {
    start(level, Format.COMMON);
    Logger library = LoggerFactory.getLogger("io.undertow.request");
    library.info("news");
    library.warn("trouble");
    assertThat(text().lines())
        .hasSize(lines)
        .allMatch(l -> l.endsWith("logger=io.undertow.request"));
  }

  @Test
  void common_exception_isTheChainUnlessDebugging() {
    var failure = new IllegalStateException("outer", new IOException("inner\nline"));
    start(Level.INFO, Format.COMMON);
    log.warn("failed", failure);
    assertThat(text())
        .endsWith(" WRN failed\n    IllegalStateException: outer\n    IOException: inner\\nline\n");

    start(Level.DEBUG, Format.COMMON);
    log.warn("failed", failure);
    assertThat(text()).contains("    at dev.postern.logging.LoggingTest").contains("inner\\nline");
  }

  @Test
  void json_exception_isAField() {
    var failure = new IllegalStateException("outer", new IOException("inner"));
    start(Level.INFO, Format.JSON);
    log.error("failed", failure);
    assertThat(text())
        .endsWith("\"error\":\"IllegalStateException: outer: IOException: inner\"}\n");

    start(Level.DEBUG, Format.JSON);
    log.error("failed", failure);
    assertThat(JSON.readTree(text()).get("stack").asString())
        .contains("at dev.postern.logging.LoggingTest");
  }

  @Property(tries = 300)
  void bothForms_anyText_staysOnOneLineAndIsReadBack(@ForAll String text) {
    start(Level.INFO, Format.COMMON);
    log.atInfo().addKeyValue("k", text).log("{}", text);
    assertThat(text().lines()).hasSize(1);
    assertThat(text().strip().codePoints()).noneMatch(Character::isISOControl);

    start(Level.INFO, Format.JSON);
    log.atInfo().addKeyValue("k", text).log("{}", text);
    assertThat(text().lines()).hasSize(1);
    JsonNode line = JSON.readTree(text());
    assertThat(line.get("message").asString()).isEqualTo(text);
    assertThat(line.get("k").asString()).isEqualTo(text);
  }

  @Test
  void common_forgedLine_isEscaped() {
    start(Level.INFO, Format.COMMON);
    log.info("user \u001b[31m\n2026-11-24T15:04:05Z ERR forged\u2028\u202e");
    assertThat(text())
        .endsWith(" INF user \\u001b[31m\\n2026-11-24T15:04:05Z ERR forged\\u2028\\u202e\n");
  }

  @Test
  void common_onTerminal_isColouredUnlessSwitchedOff() {
    Logging.start(new LogConfig(Level.INFO, Format.COMMON, null, false), written, true);
    log.info("x");
    assertThat(text()).contains("\u001b[32mINF\u001b[0m");

    written.reset();
    Logging.start(new LogConfig(Level.INFO, Format.COMMON, null, true), written, true);
    log.info("x");
    assertThat(text()).doesNotContain("\u001b");
  }

  @ParameterizedTest
  @EnumSource(Format.class)
  void filePath_existingFile_isAppendedTo(Format format) throws Exception {
    Path file = directory.resolve(format + "/deep/postern.log");
    for (int i = 0; i < 2; i++) {
      Logging.start(new LogConfig(Level.INFO, format, file, false));
      log.info("line");
    }
    assertThat(Files.readAllLines(file)).hasSize(2).allMatch(line -> line.contains("line"));
  }

  private void start(Level level, Format format) {
    written.reset();
    Logging.start(new LogConfig(level, format, null, false), written, false);
  }

  private String text() {
    return written.toString(UTF_8);
  }
}
