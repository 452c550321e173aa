package dev.postern.app;

import dev.postern.config.EffectiveSettings;
import dev.postern.config.EffectiveSettings.Value;
import dev.postern.config.StaticConfig;
import dev.postern.config.load.StaticConfigLoader;
import dev.postern.config.load.StaticConfigLoader.Loaded;
import dev.postern.config.load.StaticConfigLoader.Refused;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the static configuration again and logs its problems, or what a restart would change. It
/// applies no changes.
public final class StaticReload implements Reloads.Hook {
  private static final Logger LOG = LoggerFactory.getLogger(StaticReload.class);

  private final StaticConfigLoader loader;
  private final List<String> flags;
  private final StaticConfig running;

  /// @param flags the flags of the command line
  /// @param running the configuration in effect
  public StaticReload(StaticConfigLoader loader, List<String> flags, StaticConfig running) {
    this.loader = loader;
    this.flags = List.copyOf(flags);
    this.running = running;
  }

  @Override
  public void run() {
    switch (loader.load(flags)) {
      case Refused<StaticConfig>(var problems) ->
          problems.forEach(problem ->
              LOG.warn(
                  "The static configuration has a problem, Postern would not start with it: {}",
                  problem));
      case Loaded<StaticConfig>(var present, _) -> {
        if (present.equals(running)) {
          LOG.info("The static configuration is unchanged");
        }
        differences(running.effective(), present.effective()).forEach(LOG::warn);
      }
    }
  }

  /// One sentence for each key that has another value now; no secret is in it.
  static List<String> differences(EffectiveSettings running, EffectiveSettings present) {
    var keys = new TreeSet<>(running.values().keySet());
    keys.addAll(present.values().keySet());
    return keys.stream()
        .filter(key -> !value(running, key).equals(value(present, key)))
        .map(key -> sentence(key, running.values().get(key), present.values().get(key)))
        .toList();
  }

  private static Optional<Object> value(EffectiveSettings settings, String key) {
    return Optional.ofNullable(settings.values().get(key)).map(Value::value);
  }

  private static String sentence(String key, @Nullable Value running, @Nullable Value present) {
    String before = running == null ? "not set" : running.text();
    String after = present == null ? "not set" : present.text();
    // Two secrets look alike.
    return before.equals(after)
        ? "Needs a restart: " + key + " has changed"
        : "Needs a restart: " + key + " is " + before + " and would be " + after;
  }
}
