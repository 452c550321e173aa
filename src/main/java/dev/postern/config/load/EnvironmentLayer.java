package dev.postern.config.load;

import dev.postern.config.key.Key;
import dev.postern.config.key.KeyTable;
import dev.postern.config.key.Words;
import java.util.HashSet;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The layer of `POSTERN_…` environment variables.
final class EnvironmentLayer {
  private static final String PREFIX = "postern_";

  /// Variables of the launcher and of the loader itself, which are not keys.
  private static final Pattern RESERVED = Pattern.compile("postern_(java_opts|configfile)");

  /// Kubernetes sets these for every service, also for one that is called postern.
  private static final Pattern SERVICE_LINK =
      Pattern.compile(
          "postern_(\\w+_)?(service_host|service_port(_\\w+)?"
              + "|port(_\\d+_(tcp|udp|sctp)(_(proto|port|addr))?)?)");

  private EnvironmentLayer() {}

  /// Returns whether any variable was read.
  static boolean read(Map<String, String> environment, KeyTable table, Settings settings) {
    Map<String, Key<?>> known =
        table.keys().stream()
            .collect(Collectors.toMap(key -> Words.lower(key.environmentName()), key -> key));
    var seen = new HashSet<Key<?>>();
    for (var variable : new TreeMap<>(environment).entrySet()) {
      String name = Words.lower(variable.getKey());
      Key<?> key = table.ofVariable(name);
      if (key != null && !seen.add(key)) {
        settings.problem(
            variable.getKey(),
            "is set twice, with different upper and lower case; keep one of the two");
      } else if (key != null) {
        settings.put(key, new Setting(variable.getKey(), variable.getValue().strip(), false));
      } else if (name.startsWith(PREFIX)
          && !RESERVED.matcher(name).matches()
          && !SERVICE_LINK.matcher(name).matches()) {
        String refusal = table.refusal(name.substring(PREFIX.length()).replace('_', '.'));
        settings.problem(
            Words.printable(variable.getKey()), refusal == null ? unknown(name, known) : refusal);
      }
    }
    return !seen.isEmpty();
  }

  private static String unknown(String name, Map<String, Key<?>> known) {
    return "is not a known variable"
        + Words.nearest(name, known.keySet())
            .map(known::get)
            .map(key -> "; did you mean " + key.environmentName() + "?")
            .orElse("; the name is POSTERN_ and the key, with _ for each dot");
  }

  /// The value of a variable whatever the case of its name; null when unset or empty.
  static @Nullable String value(Map<String, String> environment, String name) {
    return environment.entrySet().stream()
        .filter(e -> e.getKey().equalsIgnoreCase(name) && !e.getValue().isBlank())
        .map(e -> e.getValue().strip())
        .findFirst()
        .orElse(null);
  }
}
