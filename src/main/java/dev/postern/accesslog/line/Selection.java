package dev.postern.accesslog.line;

import dev.postern.accesslog.line.FieldSource.Side;
import dev.postern.config.AccessLogConfig.Fields;
import dev.postern.config.AccessLogConfig.Mode;
import dev.postern.net.RequestHeaders;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Applies the configured selection of fields and headers.
final class Selection {
  private static final String REDACTED = "REDACTED";

  private final Set<Field> kept;
  private final List<Field> keptInOrder;
  private final Mode defaultHeaderMode;
  private final Map<String, Mode> headerModes;
  private final boolean keepsQuery;

  private Selection(
      Set<Field> kept, Mode defaultHeaderMode, Map<String, Mode> headerModes, boolean keepsQuery) {
    this.kept = kept;
    this.keptInOrder = List.copyOf(kept);
    this.defaultHeaderMode = defaultHeaderMode;
    this.headerModes = Map.copyOf(headerModes);
    this.keepsQuery = keepsQuery;
  }

  static Selection of(Fields config) {
    EnumSet<Field> kept = EnumSet.noneOf(Field.class);
    for (Field field : Field.values()) {
      String name = field.text().toLowerCase(Locale.ROOT);
      if (config.names().getOrDefault(name, config.defaultMode()) == Mode.KEEP) {
        kept.add(field);
      }
    }
    Map<String, Mode> headers = new HashMap<>();
    config
        .headers()
        .names()
        .forEach((name, mode) -> headers.put(HeaderNames.canonical(name), mode));
    return new Selection(kept, config.headers().defaultMode(), headers, config.keepsQuery());
  }

  /// The kept fields, in the order of their names.
  List<Field> fields() {
    return keptInOrder;
  }

  /// The value of a field.
  ///
  /// @return null if it has none or is dropped
  @Nullable Object value(FieldSource source, Field field) {
    if (!kept.contains(field)) {
      return null;
    }
    Object value = source.value(field);
    return field == Field.REQUEST_PATH && !keepsQuery && value instanceof String path
        ? withoutQuery(path)
        : value;
  }

  private static String withoutQuery(String path) {
    int mark = path.indexOf('?');
    return mark < 0 ? path : path.substring(0, mark);
  }

  /// The value of one header of the request.
  ///
  /// @param name its canonical name
  /// @return null if it is missing or dropped
  @Nullable String requestHeader(FieldSource source, String name) {
    Mode mode = mode(name);
    RequestHeaders headers = mode == Mode.DROP ? null : source.headers(Side.REQUEST);
    if (headers == null || headers.count(name) == 0) {
      return null;
    }
    return mode == Mode.REDACT ? REDACTED : joined(headers, name);
  }

  private static String joined(RequestHeaders headers, String name) {
    return String.join(",", headers.values(name));
  }

  /// The kept headers of a side, sorted by canonical name.
  SortedMap<String, String> headers(FieldSource source, Side side) {
    SortedMap<String, String> result = new TreeMap<>();
    RequestHeaders headers = hidesHeaders() ? null : source.headers(side);
    if (headers == null) {
      return result;
    }
    if (defaultHeaderMode == Mode.DROP) {
      for (String name : headerModes.keySet()) {
        if (headers.count(name) > 0) {
          addIfKept(name, joined(headers, name), side, result);
        }
      }
    } else {
      SortedMap<String, StringJoiner> values = new TreeMap<>();
      headers.forEach((given, value) -> {
        String name = HeaderNames.canonical(given);
        values.computeIfAbsent(name, _ -> new StringJoiner(",")).add(value);
      });
      values.forEach((name, joined) -> addIfKept(name, joined.toString(), side, result));
    }
    if (side == Side.DOWNSTREAM) {
      // To stop Go from guessing a content type, Traefik sets the header without a value; log that,
      // too.
      switch (mode("Content-Type")) {
        case KEEP -> result.putIfAbsent("Content-Type", "");
        case REDACT -> result.putIfAbsent("Content-Type", REDACTED);
        case DROP -> {}
      }
    }
    return result;
  }

  private void addIfKept(String name, String value, Side side, SortedMap<String, String> result) {
    switch (isOnWireOnly(name, side) ? Mode.DROP : mode(name)) {
      case KEEP -> result.put(name, value);
      case REDACT -> result.put(name, REDACTED);
      case DROP -> {}
    }
  }

  private boolean hidesHeaders() {
    return defaultHeaderMode == Mode.DROP && headerModes.isEmpty();
  }

  /// Go does not keep these among the headers of a request.
  private static boolean isOnWireOnly(String name, Side side) {
    return side == Side.REQUEST && (name.equals("Host") || name.equals("Transfer-Encoding"));
  }

  private Mode mode(String name) {
    return headerModes.getOrDefault(name, defaultHeaderMode);
  }
}
