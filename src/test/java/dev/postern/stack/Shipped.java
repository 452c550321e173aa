package dev.postern.stack;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// A file of the repository in which a test replaces values that differ on its machine.
final class Shipped {
  static final Path RULES = Path.of("rules");
  static final Path COMPOSE = Path.of("compose");

  private final String name;
  private String text;

  private Shipped(String name, String text) {
    this.name = name;
    this.text = text;
  }

  static Shipped file(Path file) {
    try {
      return new Shipped(file.getFileName().toString(), Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// All files of `rules/` that Traefik reads, by name.
  static Map<String, Shipped> rules() {
    try (Stream<Path> files = Files.list(RULES)) {
      List<Path> sorted = files.filter(file -> file.toString().endsWith(".yml")).sorted().toList();
      Map<String, Shipped> rules = new LinkedHashMap<>();
      sorted.forEach(file -> rules.put(file.getFileName().toString(), file(file)));
      return rules;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Replaces every occurrence of a text.
  ///
  /// @throws AssertionError when the file does not contain it, so that the test notices changes
  Shipped with(String shipped, Object here) {
    if (!text.contains(shipped)) {
      throw new AssertionError(name + " does not hold " + shipped + ":\n" + text);
    }
    text = text.replace(shipped, here.toString());
    return this;
  }

  Path writeTo(Path directory) {
    try {
      Files.createDirectories(directory);
      return Files.writeString(directory.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
