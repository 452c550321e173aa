package dev.postern;

import dev.postern.app.Sidecar;
import dev.postern.cli.Cli;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.Security;

/// Entry point of the program.
public final class Main {
  private Main() {}

  /// Runs the command line and exits with its exit code: 0, 1 for a negative finding or a failed
  /// start, 2 for bad usage or a bad static configuration.
  ///
  /// @param args the command line as the launcher passes it on
  public static void main(String[] args) {
    var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    rememberNamesBriefly();
    System.exit(new Cli(System.getenv(), out, err, Sidecar::start).run(args));
  }

  /// The JDK remembers addresses for 30 s and unknown names for 10 s, too long for an identity
  /// provider that has been started again at another address. It reads these properties when it
  /// looks up its first name.
  private static void rememberNamesBriefly() {
    Security.setProperty("networkaddress.cache.ttl", "2");
    Security.setProperty("networkaddress.cache.negative.ttl", "1");
  }
}
