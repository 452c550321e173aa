package dev.postern.accesslog.line;

import dev.postern.config.AccessLogConfig.Fields;
import dev.postern.config.AccessLogConfig.HeaderModes;
import dev.postern.config.AccessLogConfig.Mode;
import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import dev.postern.net.RequestHeaders;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Field values from a test vector.
record VectorSource(Map<String, Object> values, Map<Side, HeaderLines> lines)
    implements FieldSource {

  @Override
  public @Nullable Object value(Field field) {
    return values.get(field.text());
  }

  @Override
  public @Nullable RequestHeaders headers(Side side) {
    return lines.get(side);
  }

  /// The `fields` of a formatter case; missing or null means no value.
  static VectorSource ofFields(JsonNode fields) {
    Map<String, Object> values = new HashMap<>();
    List<HeaderLine> request = new ArrayList<>();
    fields.forEachEntry((name, field) -> {
      JsonNode value = field.get("v");
      switch (field.get("type").asString()) {
        case "time" -> values.put(name, Instant.parse(value.asString()));
        case "durationNanos", "int" -> values.put(name, value.asLong());
        case "string" -> {
          if (name.startsWith("request_")) {
            request.add(new HeaderLine(name.substring("request_".length()), value.asString()));
          } else {
            values.put(name, value.asString());
          }
        }
        case String _ -> {}
      }
    });
    return new VectorSource(values, Map.of(Side.REQUEST, HeaderLines.of(request)));
  }

  /// The `Fields` of a configuration in Go's spelling; if headers are not mentioned, Go's tests
  /// keep them all.
  static Fields config(JsonNode config) {
    JsonNode fields = config.path("Fields");
    JsonNode headers = fields.path("Headers");
    return new Fields(
        mode(fields.path("DefaultMode"), Mode.KEEP),
        modes(fields.path("Names")),
        new HeaderModes(mode(headers.path("DefaultMode"), Mode.KEEP), modes(headers.path("Names"))),
        mode(fields.path("QueryParameters").path("DefaultMode"), Mode.KEEP) == Mode.KEEP);
  }

  private static Map<String, Mode> modes(JsonNode names) {
    Map<String, Mode> modes = new HashMap<>();
    names.forEachEntry(
        (name, mode) -> modes.put(name.toLowerCase(Locale.ROOT), mode(mode, Mode.KEEP)));
    return modes;
  }

  private static Mode mode(JsonNode node, Mode absent) {
    return node.isMissingNode() ? absent : Mode.valueOf(node.asString().toUpperCase(Locale.ROOT));
  }
}
