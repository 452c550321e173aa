package dev.postern.config.load;

import dev.postern.config.ListenAddress;
import dev.postern.config.Problem;
import dev.postern.config.StaticConfig;
import dev.postern.config.key.Words;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads the static configuration: a file, then `POSTERN_…` environment variables, then flags, each
/// key from the last that says something. All problems are reported together; no message holds a
/// secret.
public final class StaticConfigLoader {
  private static final Path DEFAULT_DIRECTORY = Path.of("/etc/postern");

  private final Path defaultDirectory;
  private final Map<String, String> environment;

  /// A loader for this process.
  ///
  /// @param environment all environment variables, of which it takes what concerns it
  public StaticConfigLoader(Map<String, String> environment) {
    this(environment, DEFAULT_DIRECTORY);
  }

  StaticConfigLoader(Map<String, String> environment, Path defaultDirectory) {
    this.environment = Map.copyOf(environment);
    this.defaultDirectory = defaultDirectory;
  }

  /// What came out of reading.
  ///
  /// @param <T> what was asked for
  public sealed interface Result<T> {}

  /// Everything is right.
  ///
  /// @param value what was asked for
  /// @param sources the layers that were read, in order, in words
  public record Loaded<T>(T value, List<String> sources) implements Result<T> {
    /// Copies the list.
    public Loaded {
      sources = List.copyOf(sources);
    }
  }

  /// Something is wrong.
  ///
  /// @param problems all of it, in the order of the layers, then of the keys
  public record Refused<T>(List<Problem> problems) implements Result<T> {
    /// Copies the list.
    public Refused {
      problems = List.copyOf(problems);
    }
  }

  /// Reads the whole configuration.
  ///
  /// @param flags `--key=value`, `--key value` and `--configFile=FILE`, in any case
  public Result<StaticConfig> load(List<String> flags) {
    return read(flags, settings -> new StaticConfigBinder(settings, environment).config());
  }

  /// Reads only where the admin entry point listens, for a process beside the running one that
  /// lacks its other flags: nothing needs to be complete, but what is there must be right.
  ///
  /// @param flags as for [#load]
  public Result<ListenAddress> loadAdminAddress(List<String> flags) {
    return read(flags, settings -> settings.get(StaticKeys.ADMIN_ADDRESS));
  }

  /// The flags with their defaults and meanings, as lines of help.
  public static List<String> flagHelp() {
    return FlagHelp.lines(StaticKeys.TABLE);
  }

  private <T> Result<T> read(List<String> flags, Function<Settings, T> bind) {
    var settings = new Settings();
    var sources = new ArrayList<String>();
    FlagLayer flagLayer = FlagLayer.read(flags, StaticKeys.TABLE, settings);
    Path file = file(flagLayer.configFile(), settings);
    if (file != null) {
      FileLayer.read(file, StaticKeys.TABLE, settings);
      sources.add(file.toString());
    }
    if (EnvironmentLayer.read(environment, StaticKeys.TABLE, settings)) {
      sources.add("environment");
    }
    if (flagLayer.apply()) {
      sources.add("flags");
    }
    T value = bind.apply(settings);
    List<Problem> problems = settings.problems();
    return problems.isEmpty() ? new Loaded<>(value, sources) : new Refused<>(problems);
  }

  private @Nullable Path file(@Nullable String flag, Settings settings) {
    String named = flag != null ? flag : EnvironmentLayer.value(environment, "POSTERN_CONFIGFILE");
    if (named == null || named.isBlank()) {
      return Stream.of("postern.yml", "postern.yaml", "postern.toml")
          .map(defaultDirectory::resolve)
          .filter(Files::exists)
          .findFirst()
          .orElse(null);
    }
    try {
      return Path.of(named);
    } catch (InvalidPathException _) {
      settings.problem("--configFile", Words.quote(named) + " is not a path");
      return null;
    }
  }
}
