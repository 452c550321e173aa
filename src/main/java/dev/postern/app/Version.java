package dev.postern.app;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/// The version of this build, from `pom.properties`, which Maven puts into the jar.
public final class Version {
  private static final String DESCRIPTION = "/META-INF/maven/dev.postern/postern/pom.properties";

  private Version() {}

  /// For example `postern 1.2.3 (Java 25.0.3)`.
  public static String text() {
    return "postern " + number() + " (Java " + Runtime.version() + ")";
  }

  /// The version number; `unknown` if the program does not run from its jar.
  public static String number() {
    var properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream(DESCRIPTION)) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException _) {
      // A damaged jar: the version stays unknown.
    }
    return properties.getProperty("version", "unknown");
  }
}
