package dev.postern.config.load;

import dev.postern.config.AccessLogConfig;
import dev.postern.config.AccessLogConfig.Fields;
import dev.postern.config.AccessLogConfig.Filters;
import dev.postern.config.AccessLogConfig.HeaderModes;
import dev.postern.config.AccessLogConfig.Mode;
import dev.postern.config.AccessLogConfig.StatusRange;
import dev.postern.config.key.Key;
import dev.postern.config.key.Words;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Converts settings to the access log's configuration records.
final class AccessLogBinder {
  private final Settings settings;

  AccessLogBinder(Settings settings) {
    this.settings = settings;
  }

  /// Null when there is no access log.
  @Nullable AccessLogConfig config() {
    if (!settings.isOn(AccessLogKeys.ACCESS_LOG)) {
      return null;
    }
    return new AccessLogConfig(
        settings.find(AccessLogKeys.FILE),
        settings.get(AccessLogKeys.FORMAT),
        filters(),
        fields(),
        settings.get(AccessLogKeys.BUFFERING_SIZE),
        settings.get(AccessLogKeys.BUFFERING_POLICY),
        settings.get(AccessLogKeys.ADD_INTERNALS));
  }

  private Filters filters() {
    List<StatusRange> statuses = settings.find(AccessLogKeys.STATUS_CODES);
    return new Filters(
        statuses == null ? List.of() : statuses,
        settings.get(AccessLogKeys.RETRY_ATTEMPTS),
        settings.get(AccessLogKeys.MIN_DURATION));
  }

  private Fields fields() {
    settings
        .each(AccessLogKeys.NAMES)
        .forEach((name, key) -> {
          if (AccessLogKeys.FIELD_NAMES.stream().noneMatch(name::equalsIgnoreCase)) {
            settings.problem(settings.where(key), unknownField(name));
          }
        });
    return new Fields(
        settings.get(AccessLogKeys.DEFAULT_MODE),
        modes(AccessLogKeys.NAMES),
        new HeaderModes(
            settings.get(AccessLogKeys.HEADER_DEFAULT_MODE), modes(AccessLogKeys.HEADER_NAMES)),
        settings.get(AccessLogKeys.QUERY_PARAMETERS) == Mode.KEEP);
  }

  private static String unknownField(String name) {
    return "is not a field of the access log"
        + Words.nearest(name, AccessLogKeys.FIELD_NAMES)
            .map(meant -> "; did you mean " + meant + "?")
            .orElse("; headers are named in accessLog.fields.headers.names");
  }

  private Map<String, Mode> modes(Key<Mode> open) {
    var modes = new HashMap<String, Mode>();
    settings
        .each(open)
        .forEach((name, key) -> {
          Mode mode = settings.find(key);
          if (mode != null) {
            modes.put(Words.lower(name), mode);
          }
        });
    return modes;
  }
}
