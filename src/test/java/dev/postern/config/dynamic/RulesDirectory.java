package dev.postern.config.dynamic;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A rules directory for a test.
///
/// @param name describes it
/// @param files by name; `a -> b` is a symbolic link and `a/` an empty directory
public record RulesDirectory(String name, Map<String, String> files) {
  private static final String DIRECTORY = "=== ";
  private static final String FILE = "--- ";

  /// A directory with one file.
  public static RulesDirectory ofFile(String name, String file, String text) {
    return new RulesDirectory(name, Map.of(file, text));
  }

  /// Reads the hand-written directories.
  static List<RulesDirectory> handMade() throws IOException {
    List<RulesDirectory> directories = new ArrayList<>();
    String file = "";
    for (String line : Files.readAllLines(Path.of("src/test/resources/config/dynamic/cases.txt"))) {
      if (line.startsWith(DIRECTORY)) {
        directories.add(
            new RulesDirectory(line.substring(DIRECTORY.length()), new LinkedHashMap<>()));
      } else if (line.startsWith(FILE)) {
        file = line.substring(FILE.length());
        directories.getLast().files().put(file, "");
      } else if (!directories.isEmpty()) {
        directories.getLast().files().merge(file, line.replace("\\r", "\r") + "\n", String::concat);
      }
    }
    return directories;
  }

  void write(Path directory) throws IOException {
    Files.createDirectories(directory);
    for (var file : files.entrySet()) {
      String[] link = file.getKey().split(" -> ", 2);
      Path path = directory.resolve(link[0]);
      if (link.length == 2) {
        Files.createSymbolicLink(path, Path.of(link[1]));
      } else if (file.getKey().endsWith("/")) {
        Files.createDirectories(path);
      } else {
        Files.createDirectories(path.getParent());
        Files.writeString(path, file.getValue());
      }
    }
  }
}
