package dev.postern.app;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/// The version of this build, from the description that Maven puts into the jar.
public final class Version {
  private static final String DESCRIPTION = "/META-INF/maven/dev.postern/postern/pom.properties";

  private Version() {}

  /// The version in words.
  ///
  /// @return `postern 1.2.3 (Java 25.0.3)`, for example
  public static String text() {
    return "postern " + number() + " (Java " + Runtime.version() + ")";
  }

  /// The number alone; `unknown` where the program does not run from its jar.
  public static String number() {
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
