package dev.postern.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.Sidecar;
import dev.postern.app.StartException;
import dev.postern.config.AccessLogConfig.Format;
import dev.postern.testing.AccessLogs;
import dev.postern.testing.PosternConfig;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.testing.RawServer;
import dev.postern.testing.program.ExternalProgram;
import dev.postern.testing.program.NeedsProgram;
import dev.postern.testing.upstream.RecordingUpstream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Tests that programs for Traefik's access logs can read Postern's.
class AccessLogProgramsIT {
  private static final Path FILTER = Path.of("fail2ban/filter.d/postern.conf").toAbsolutePath();
  private static final Path PAGE = Path.of("docs/observability.md");

  @TempDir Path directory;
  private final RawServer server = RawServer.start(AccessLogProgramsIT::answer);
  private Path log;
  private Sidecar postern;

  @BeforeEach
  void start() throws StartException {
    log = directory.resolve("access.log");
    postern =
        Sidecar.start(
            PosternConfig.of(server.url(), directory.resolve("state"))
                .accessLog(AccessLogs.of(Format.COMMON, log, AccessLogs.USUAL))
                .build());
  }

  @AfterEach
  void stop() {
    postern.close();
    server.close();
  }

  /// Responds with the status at the end of the path.
  private static void answer(RawMessage request, RawServer.Connection connection)
      throws IOException {
    String uri = Objects.requireNonNullElse(request.first("X-Forwarded-Uri"), "/404");
    String path = uri.contains("?") ? uri.substring(0, uri.indexOf('?')) : uri;
    connection.write(
        "HTTP/1.1 "
            + path.substring(path.lastIndexOf('/') + 1)
            + " S\r\nContent-Length: 0\r\n\r\n");
  }

  /// One request of a client; several addresses make a list in `X-Forwarded-For`.
  private void ask(String client, String uri, String userAgent) throws IOException {
    RawHttp.once(
        postern.authPort(),
        RawHttp.get(
            RecordingUpstream.AUTH,
            "Host: postern",
            "User-Agent: " + userAgent,
            "X-Forwarded-For: " + client,
            "X-Forwarded-Host: app.example.test",
            "X-Forwarded-Method: GET",
            "X-Forwarded-Proto: https",
            "X-Forwarded-Uri: " + uri));
  }

  /// Each status once, and a client behind another proxy.
  private void everyStatus() throws IOException {
    for (int status : List.of(200, 204, 302, 400, 401, 403, 404, 429, 500, 502, 503)) {
      ask("192.0.2." + status % 200, "/" + status, "Mozilla/5.0 (\"X11\")");
    }
    ask("198.51.100.9, 203.0.113.1", "/403", "Firefox");
    ask("2001:db8::1", "/401?a=1&b=%22", "Firefox");
  }

  /// Texts that look like other log lines; two of the requests are denied.
  private void hostileTexts() throws IOException {
    ask("203.0.113.2", "/200?x=\" 401 0 \"-\" \"", "x\" 403 0 \"-\" \"");
    ask("203.0.113.3", "/x HTTP/1.1\" 429 1 \"/200", "Firefox");
    ask("203.0.113.4", "/401?q=\"x\"&y=<1>", "Mozilla/5.0 (\"401\")");
    ask("203.0.113.5", "/403", "a HTTP/1.1\" 200 0 \"\\");
  }

  private static String run(Path output, List<String> command) throws Exception {
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    int code = process.waitFor();
    String text = Files.readString(output, StandardCharsets.ISO_8859_1);
    assertThat(code).as(text).isZero();
    return text;
  }

  /// The lines that a filter finds.
  private List<String> found(String filter) throws Exception {
    String text =
        run(
            directory.resolve("fail2ban.out"),
            List.of(
                ExternalProgram.FAIL2BAN_REGEX.require().toString(),
                "--print-all-matched",
                "--print-no-missed",
                log.toString(),
                filter));
    List<String> found = new ArrayList<>();
    Matcher lines = Pattern.compile("^\\|  (.* \\[\\d\\d/.*)$", Pattern.MULTILINE).matcher(text);
    lines.results().forEach(result -> found.add(result.group(1).strip()));
    Matcher total = Pattern.compile("(\\d+) matched").matcher(text);
    assertThat(total.find()).as(text).isTrue();
    assertThat(found).as(text).hasSize(Integer.parseInt(total.group(1)));
    return found;
  }

  @ParameterizedTest
  @CsvSource({"normal, false", "ddos, true", "aggressive, true"})
  @NeedsProgram(ExternalProgram.FAIL2BAN_REGEX)
  void debiansFilterForTraefik_inEachMode_findsExactlyThe401Responses(String mode, boolean finds)
      throws Exception {
    for (int status : List.of(200, 302, 401, 403, 404, 429, 500)) {
      ask("192.0.2.1", "/" + status, "Firefox");
    }
    AccessLogs.await(log, 7);
    // A denied client has no user name, which fail2ban's normal mode requires.
    List<String> found = found("traefik-auth[mode=" + mode + "]");
    assertThat(found).hasSize(finds ? 1 : 0).allMatch(line -> line.contains("\" 401 0 "));
  }

  @ParameterizedTest
  @CsvSource({
    "normal, '192.0.2.1 192.0.2.3 192.0.2.29 203.0.113.1 2001:db8::1 203.0.113.4 203.0.113.5'",
    "refused, '192.0.2.1 192.0.2.3 203.0.113.1 2001:db8::1 203.0.113.4 203.0.113.5'",
    "limited, '192.0.2.29'"
  })
  @NeedsProgram(ExternalProgram.FAIL2BAN_REGEX)
  void ownFilter_inEachMode_findsRefusedAndLimitedClients(String mode, String clients)
      throws Exception {
    everyStatus();
    hostileTexts();
    AccessLogs.await(log, 17);
    List<String> found = found(FILTER + "[mode=" + mode + "]");
    assertThat(found)
        .extracting(line -> line.substring(0, line.indexOf(" - ")).replaceFirst(".*, ", ""))
        .containsExactlyInAnyOrder(clients.split(" ", -1));
  }

  @Test
  @NeedsProgram(ExternalProgram.GOACCESS)
  void goAccess_withTheDocumentedFormat_readsEveryLine() throws Exception {
    everyStatus();
    int count = AccessLogs.await(log, 13).size();
    Matcher format = Pattern.compile("--log-format='([^']+)'").matcher(Files.readString(PAGE));
    assertThat(format.find()).isTrue();
    Path report = directory.resolve("report.json");
    run(
        directory.resolve("goaccess.out"),
        Stream.of(
                ExternalProgram.GOACCESS.require().toString(),
                log.toString(),
                "--no-global-config",
                "--log-format=" + format.group(1),
                "--date-format=%d/%b/%Y",
                "--time-format=%T",
                "--invalid-requests=" + directory.resolve("invalid"),
                "-o",
                report.toString())
            .toList());
    JsonNode general = JsonMapper.shared().readTree(Files.readString(report)).path("general");
    assertThat(general.path("total_requests").asInt()).isEqualTo(count);
    assertThat(general.path("failed_requests").asInt()).isZero();
    assertThat(Files.readString(directory.resolve("invalid"))).isEmpty();
  }
}
