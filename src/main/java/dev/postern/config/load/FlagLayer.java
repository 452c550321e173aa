package dev.postern.config.load;

import dev.postern.config.key.Key;
import dev.postern.config.key.KeyTable;
import dev.postern.config.key.Kind;
import dev.postern.config.key.Words;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The layer of `--key=value` and `--key value` flags.
final class FlagLayer {
  private static final String CONFIG_FILE = "configFile";

  private final KeyTable table;
  private final Settings settings;
  private final Map<Key<?>, Setting> values = new HashMap<>();
  private @Nullable String configFile;
  private boolean mayFollowSecret;

  private FlagLayer(KeyTable table, Settings settings) {
    this.table = table;
    this.settings = settings;
  }

  /// Reads the flags; [#apply] then overrides the other layers with them.
  static FlagLayer read(List<String> flags, KeyTable table, Settings settings) {
    var layer = new FlagLayer(table, settings);
    Deque<String> rest = new ArrayDeque<>(flags);
    while (!rest.isEmpty()) {
      layer.flag(rest.removeFirst(), rest);
    }
    return layer;
  }

  /// The file that `--configFile` names.
  @Nullable String configFile() {
    return configFile;
  }

  /// Returns whether there were any flags.
  boolean apply() {
    values.forEach(settings::put);
    return !values.isEmpty();
  }

  private void flag(String argument, Deque<String> rest) {
    if (!argument.startsWith("--")) {
      String shown = mayFollowSecret ? "an argument" : Words.quote(argument);
      settings.problem("command line", shown + " is not a flag or its value; write --key=value");
      return;
    }
    int equals = argument.indexOf('=');
    String name = argument.substring(2, equals < 0 ? argument.length() : equals);
    String attached = equals < 0 ? null : argument.substring(equals + 1);
    Key<?> key = table.key(name);
    mayFollowSecret |= key == null || key.kind().secret();
    if (key != null) {
      String value = attached == null && key.kind().isImplied() ? "true" : attached;
      store(key, key.flag(), value == null ? next(key.flag(), rest) : value);
    } else if (name.equalsIgnoreCase(CONFIG_FILE)) {
      configFile = attached == null ? next("--" + CONFIG_FILE, rest) : attached;
    } else {
      settings.problem("--" + Words.printable(name), unknown(name));
      skipValue(attached, rest);
    }
  }

  private void store(Key<?> key, String where, String value) {
    Setting before = values.get(key);
    boolean isList = key.kind().shape() == Kind.Shape.LIST;
    String text = before != null && isList ? before.text() + "," + value : value;
    values.put(key, new Setting(where, text.strip(), false));
  }

  private String next(String flag, Deque<String> rest) {
    if (rest.isEmpty() || rest.peekFirst().startsWith("--")) {
      settings.problem(flag, "needs a value; write " + flag + "=…");
      return "";
    }
    return rest.removeFirst();
  }

  /// The argument after an unknown flag may be its value, even a secret, so it is not reported.
  private static void skipValue(@Nullable String attached, Deque<String> rest) {
    if (attached == null && !rest.isEmpty() && !rest.peekFirst().startsWith("--")) {
      rest.removeFirst();
    }
  }

  private String unknown(String name) {
    String refusal = table.refusal(name);
    if (refusal != null) {
      return refusal;
    }
    String section = table.section(name);
    if (section != null) {
      return table.notASection(section);
    }
    List<String> names =
        Stream.concat(Stream.of(CONFIG_FILE), table.keys().stream().map(Key::name)).toList();
    Optional<String> meant = Words.nearest(name, names);
    return "is not a known flag"
        + meant.map(m -> "; did you mean --" + m + "?").orElse("; see postern serve --help");
  }
}
