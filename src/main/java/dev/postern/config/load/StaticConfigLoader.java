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

/// Reads the static configuration from three layers: a file, `POSTERN_…` environment variables, and
/// flags. Later layers override earlier ones. All problems are reported together; no message
/// contains a secret.
public final class StaticConfigLoader {
  private static final Path DEFAULT_DIRECTORY = Path.of("/etc/postern");

  private final Path defaultDirectory;
  private final Map<String, String> environment;

  /// Creates a loader.
  ///
  /// @param environment all environment variables; others than Postern's are ignored
  public StaticConfigLoader(Map<String, String> environment) {
    this(environment, DEFAULT_DIRECTORY);
  }

  StaticConfigLoader(Map<String, String> environment, Path defaultDirectory) {
    this.environment = Map.copyOf(environment);
    this.defaultDirectory = defaultDirectory;
  }

  /// The outcome of loading.
  public sealed interface Result<T> {}

  /// A valid configuration.
  ///
  /// @param sources the layers that were read, in order, for the log
  public record Loaded<T>(T value, List<String> sources) implements Result<T> {
    public Loaded {
      sources = List.copyOf(sources);
    }
  }

  /// An invalid configuration.
  ///
  /// @param problems all problems, in the order of the layers, then of the keys
  public record Refused<T>(List<Problem> problems) implements Result<T> {
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

  /// Reads only the admin entry point's address, for a second process (such as `postern ping`) that
  /// is started without the server's flags. Keys may be missing, but those present must be valid.
  ///
  /// @param flags as for [#load]
  public Result<ListenAddress> loadAdminAddress(List<String> flags) {
    return read(flags, settings -> settings.get(StaticKeys.ADMIN_ADDRESS));
  }

  /// The flags with their defaults and help texts, as lines.
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
