package dev.postern;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.Model.CommandSpec;

/// The version of this build, from the description that Maven puts into the jar.
final class Version {
  private static final String DESCRIPTION = "/META-INF/maven/dev.postern/postern/pom.properties";

  private Version() {}

  static CommandSpec spec() {
    return CommandSpecs.withOutput(CommandSpecs.spec("Prints the version."));
  }

  /// `postern 1.2.3 (Java 25.0.3)`
  static String text() {
    return "postern " + number() + " (Java " + Runtime.version() + ")";
  }

  /// The same as a JSON object.
  static String json() {
    return "{\"version\":"
        + LogText.json(number())
        + ",\"java\":"
        + LogText.json(Runtime.version().toString())
        + "}";
  }

  /// The number alone; `unknown` where the program does not run from its jar.
  static String number() {
    var properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream(DESCRIPTION)) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException _) {
      // A damaged jar has no version that could be named.
    }
    return properties.getProperty("version", "unknown");
  }
}
