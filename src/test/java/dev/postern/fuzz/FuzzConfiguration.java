package dev.postern.fuzz;

import dev.postern.config.StaticConfig;
import dev.postern.config.load.StaticConfigLoader;
import dev.postern.config.load.StaticConfigLoader.Loaded;
import dev.postern.config.load.StaticConfigLoader.Refused;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// Any bytes as a static configuration result in a configuration or in problems with messages.
public final class FuzzConfiguration {
  private static final Path DIRECTORY = directory();

  private FuzzConfiguration() {}

  private static Path directory() {
    try {
      Path directory = Files.createTempDirectory("fuzz");
      directory.toFile().deleteOnExit();
      return directory;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Called by the fuzzer.
  ///
  /// @param data a file; TOML if the first byte is `[`, else YAML
  public static void fuzzerTestOneInput(byte[] data) throws IOException {
    boolean toml = data.length > 0 && data[0] == '[';
    Path file = DIRECTORY.resolve(toml ? "postern.toml" : "postern.yml");
    Files.write(file, data);
    file.toFile().deleteOnExit();
    switch (new StaticConfigLoader(Map.of()).load(List.of("--configFile=" + file))) {
      case Loaded<StaticConfig>(var config, _) -> {
        if (config.effective().lines().isEmpty()) {
          throw new IllegalStateException("nothing to say");
        }
      }
      case Refused<StaticConfig>(var problems) -> {
        if (problems.isEmpty() || problems.stream().anyMatch(p -> p.message().isBlank())) {
          throw new IllegalStateException("refused without a reason");
        }
      }
    }
  }
}
