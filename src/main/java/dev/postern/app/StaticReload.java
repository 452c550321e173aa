package dev.postern.app;

import dev.postern.config.FeedsConfig.Websocket;
import dev.postern.config.Secret;
import dev.postern.config.StaticConfig;
import dev.postern.config.load.ConfigSummary;
import dev.postern.config.load.StaticConfigLoader;
import dev.postern.config.load.StaticConfigLoader.Loaded;
import dev.postern.config.load.StaticConfigLoader.Refused;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the static configuration again and says what is wrong with it, or what a restart would
/// change. Nothing of it takes effect by itself.
public final class StaticReload implements Reloads.Hook {
  private static final Logger LOG = LoggerFactory.getLogger(StaticReload.class);

  private final StaticConfigLoader loader;
  private final List<String> flags;
  private final StaticConfig running;

  /// @param loader reads the files and variables
  /// @param flags those of the start
  /// @param running what is in effect
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
                  "The static configuration has a problem, Postern would not start again: {}",
                  problem));
      case Loaded<StaticConfig>(var present, _) -> {
        if (present.equals(running)) {
          LOG.info("The static configuration is unchanged");
        }
        differences(running, present).forEach(LOG::warn);
      }
    }
  }

  /// One sentence for each key that has another value now; no secret is in it.
  static List<String> differences(StaticConfig running, StaticConfig present) {
    Map<String, String> before = flat(running);
    Map<String, String> after = flat(present);
    var keys = new TreeSet<>(before.keySet());
    keys.addAll(after.keySet());
    var sentences =
        new ArrayList<>(
            keys.stream()
                .filter(key -> !after.getOrDefault(key, "").equals(before.getOrDefault(key, "")))
                .map(key -> sentence(key, before.get(key), after.get(key)))
                .toList());
    if (differ(running.admin().token(), present.admin().token())) {
      sentences.add("Needs a restart: admin.token has changed");
    }
    if (differ(token(running.feeds().websocket()), token(present.feeds().websocket()))) {
      sentences.add("Needs a restart: feeds.websocket.token has changed");
    }
    return sentences;
  }

  private static String sentence(String key, @Nullable String before, @Nullable String after) {
    return "Needs a restart: " + key + " is " + text(before) + " and would be " + text(after);
  }

  private static String text(@Nullable String value) {
    return value == null ? "not set" : value;
  }

  private static boolean differ(@Nullable Secret before, @Nullable Secret after) {
    return before != null && after != null && !before.equals(after);
  }

  private static @Nullable Secret token(@Nullable Websocket websocket) {
    return websocket == null ? null : websocket.token();
  }

  private static Map<String, String> flat(StaticConfig config) {
    var flat = new LinkedHashMap<String, String>();
    ConfigSummary.sections(config)
        .forEach((section, values) ->
            values.forEach((key, value) -> flat.put(section + "." + key, value)));
    return flat;
  }
}
