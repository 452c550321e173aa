package dev.postern.accesslog.line;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.accesslog.line.FieldSource.Side;
import dev.postern.config.AccessLogConfig.Fields;
import dev.postern.config.AccessLogConfig.Filters;
import dev.postern.config.AccessLogConfig.Format;
import dev.postern.config.AccessLogConfig.HeaderModes;
import dev.postern.config.AccessLogConfig.Mode;
import dev.postern.config.AccessLogConfig.StatusRange;
import dev.postern.config.key.BadValueException;
import dev.postern.config.key.GoDuration;
import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import dev.postern.rules.Vectors;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The cases of Traefik's own tests.
class FormatVectorsTest {
  private static final Instant NOW = Instant.parse("2016-04-13T14:14:19.5Z");
  private static final long ONE_AND_A_HALF_MILLIS = 1_500_000;
  private static final Fields EVERYTHING =
      new Fields(Mode.KEEP, Map.of(), new HeaderModes(Mode.KEEP, Map.of()), true);

  /// The regular expression that Traefik's tests use to parse lines of the common format.
  private static final Pattern LINE =
      Pattern.compile(
          "(\\S+) - (\\S+) \\[([^]]+)] \"(\\S*) (\\S*) (\\S*)\" (\\S+) (\\S+) (\"[^\"]*\")"
              + " (\"(?:[^\"\\\\]|\\\\.)*\") (\\S+) (\"[^\"]*\"|-) (\"[^\"]*\"|-) (\\S+)\\n?");

  private static final List<String> LINE_NAMES =
      List.of(
          "ClientHost",
          "ClientUsername",
          "StartUTC",
          "RequestMethod",
          "RequestPath",
          "RequestProtocol",
          "OriginStatus",
          "OriginContentSize",
          "request_Referer",
          "request_User-Agent",
          "RequestCount",
          "RouterName",
          "ServiceURL",
          "Duration");

  static Stream<JsonNode> formatter() {
    return Vectors.cases("accesslog-clf", "formatter");
  }

  static Stream<JsonNode> toLog() {
    return Vectors.cases("accesslog-clf", "toLog");
  }

  static Stream<JsonNode> configured() {
    return children(Vectors.read("accesslog-clf").path("configured").path("cases"));
  }

  static Stream<JsonNode> parse() {
    return Vectors.cases("accesslog-clf", "parse");
  }

  static Stream<JsonNode> keySets() {
    return children(Vectors.read("accesslog-json-keys").path("cases"));
  }

  private static Stream<JsonNode> children(JsonNode array) {
    List<JsonNode> all = new ArrayList<>();
    array.forEach(all::add);
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("formatter")
  void append_fieldsOfTheVector_givesItsLine(JsonNode vector) {
    ZoneId zone = ZoneId.of(vector.get("localZone").asString());
    StringBuilder out = new StringBuilder();
    LineFormat.of(format(vector.get("format")), Selection.of(EVERYTHING), zone)
        .append(VectorSource.ofFields(vector.get("fields")), NOW, out);
    assertThat(out).hasToString(vector.get("expected").asString());
  }

  @ParameterizedTest
  @MethodSource("toLog")
  void placeholder_valueOfTheVector_isWrittenAsExpected(JsonNode vector) {
    JsonNode value = vector.path("fields").path(vector.get("key").asString());
    Object given = null;
    if (value.isNumber()) {
      given = value.asLong();
    } else if (value.isString()) {
      given = value.asString();
    }
    StringBuilder out = new StringBuilder();
    if (vector.get("quoted").asBoolean()) {
      CommonFormat.quoted(given, out);
    } else {
      CommonFormat.plain(given, out);
    }
    assertThat(out).hasToString(vector.get("expected").asString());
  }

  @ParameterizedTest
  @MethodSource("configured")
  void append_configurationOfTheVector_givesItsLine(JsonNode vector) throws BadValueException {
    JsonNode config = vector.get("config");
    JsonNode request = Vectors.read("accesslog-clf").path("configured").path("request");
    Filter filter = filter(config.path("Filters"));
    StringBuilder out = new StringBuilder();
    if (filter.keeps(
        request.get("status").asInt(),
        request.get("RetryAttempts").asInt(),
        ONE_AND_A_HALF_MILLIS)) {
      LineFormat.of(
              format(config.get("Format")),
              Selection.of(VectorSource.config(config)),
              ZoneId.of("UTC"))
          .append(source(request, Map.of()), NOW, out);
    }
    assertThat(normalised(out.toString())).isEqualTo(normalised(vector.get("expected").asString()));
  }

  @ParameterizedTest
  @MethodSource("parse")
  void line_ofTheVector_hasTheExpectedParts(JsonNode vector) {
    assertThat(parts(vector.get("line").asString()))
        .isEqualTo(JsonMapper.shared().convertValue(vector.get("expected"), TreeMap.class));
  }

  @ParameterizedTest
  @MethodSource("keySets")
  void append_jsonOfTheVector_hasExactlyItsKeys(JsonNode vector) {
    JsonNode request = Vectors.read("accesslog-json-keys").path("request");
    Map<String, Object> more = new TreeMap<>();
    if (vector.get("tracing").asBoolean()) {
      List.of("TraceId", "SpanId", "trace_id", "span_id").forEach(name -> more.put(name, "1"));
    }
    if (vector.get("tls").asBoolean()) {
      List.of("TLSVersion", "TLSCipher", "TLSClientSubject").forEach(n -> more.put(n, "1"));
    }
    List<String> expected = Vectors.texts(vector.get("exactKeySet"));
    expected.stream().filter(n -> n.startsWith("Kubernetes")).forEach(n -> more.put(n, "1"));
    StringBuilder out = new StringBuilder();
    LineFormat.of(
            Format.JSON,
            Selection.of(VectorSource.config(vector.get("config"))),
            ZoneId.of("Europe/Berlin"))
        .append(source(request, more), NOW, out);

    JsonNode line = JsonMapper.shared().readTree(out.toString());
    assertThat(line.propertyNames()).containsExactlyElementsOf(expected);
    assertThat(out.toString()).endsWith("}\n");
  }

  private static Format format(JsonNode name) {
    return switch (name.asString()) {
      case "common" -> Format.COMMON;
      case "genericCLF" -> Format.GENERIC_CLF;
      case String _ -> Format.JSON;
    };
  }

  private static Filter filter(JsonNode filters) throws BadValueException {
    List<StatusRange> ranges = new ArrayList<>();
    filters
        .path("StatusCodes")
        .forEach(code -> ranges.add(new StatusRange(code.asInt(), code.asInt())));
    Duration least =
        filters.has("MinDuration")
            ? GoDuration.parse(filters.get("MinDuration").asString())
            : Duration.ZERO;
    return new Filter(new Filters(ranges, filters.path("RetryAttempts").asBoolean(false), least));
  }

  /// The values that Traefik's test passes to its logger, and those that the logger derives.
  private static VectorSource source(JsonNode request, Map<String, Object> more) {
    Map<String, Object> values = new TreeMap<>(more);
    values.put("ClientAddr", request.get("remoteAddr").asString());
    values.put("ClientHost", "TestHost");
    values.put("ClientPort", "8181");
    values.put("ClientUsername", request.get("urlUser").asString());
    values.put("RequestMethod", request.get("method").asString());
    values.put(
        "RequestPath", request.get("path").asString() + "?" + request.get("query").asString());
    values.put("RequestProtocol", request.get("protocol").asString());
    values.put("RequestScheme", "http");
    values.put("RequestAddr", request.get("host").asString());
    values.put("RequestHost", request.get("host").asString());
    values.put("RequestPort", "-");
    values.put("RequestContentSize", 0L);
    values.put("RequestCount", 1L);
    values.put("DownstreamStatus", request.get("status").asLong());
    values.put("DownstreamContentSize", request.get("bodyWritten").asLong());
    values.put("OriginStatus", request.get("status").asLong());
    values.put("OriginContentSize", request.get("bodyWritten").asLong());
    values.put("Duration", ONE_AND_A_HALF_MILLIS);
    values.put("Overhead", ONE_AND_A_HALF_MILLIS);
    values.put("RetryAttempts", request.get("RetryAttempts").asLong());
    values.put("RouterName", request.get("RouterName").asString());
    values.put("ServiceURL", request.get("ServiceURL").asString());
    values.put("StartUTC", NOW);
    values.put("StartLocal", NOW);
    List<HeaderLine> headers = new ArrayList<>();
    request
        .get("headers")
        .forEachEntry((name, lines) ->
            lines.forEach(line -> headers.add(new HeaderLine(name, line.asString()))));
    return new VectorSource(
        values,
        Map.of(Side.REQUEST, HeaderLines.of(headers), Side.DOWNSTREAM, HeaderLines.of(List.of())));
  }

  /// Replaces the time, the count and the duration, which vary; all else is compared byte for byte.
  private static String normalised(String line) {
    return line.strip()
        .replaceFirst("\\[[0-9][^]]+]", "[time]")
        .replaceFirst(" \\d+ (\"[^\"]*\" \"[^\"]*\" \\d+ms)$", " n $1")
        .replaceFirst(" \\d+ms$", " ms");
  }

  private static Map<String, String> parts(String line) {
    Map<String, String> parts = new TreeMap<>();
    Matcher matcher = LINE.matcher(line);
    if (matcher.matches()) {
      for (int i = 0; i < LINE_NAMES.size(); i++) {
        parts.put(LINE_NAMES.get(i), group(matcher, i + 1));
      }
    }
    return parts;
  }

  private static String group(Matcher matcher, int index) {
    @Nullable String text = matcher.group(index);
    return text == null ? "" : text.toString();
  }
}
