package dev.postern;

import dev.postern.app.Sidecar;
import dev.postern.cli.Cli;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.security.Security;

/// Entry point of the program.
public final class Main {
  private Main() {}

  /// Runs the command line and exits with its exit code: 0 for success, 1 for a negative result or
  /// a failed start, 2 for wrong usage or an invalid static configuration.
  public static void main(String[] args) {
    var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    limitDnsCache();
    System.exit(new Cli(System.getenv(), out, err, Sidecar::start).run(args));
  }

  /// The JDK caches addresses for 30 s and unknown names for 10 s. That is too long when the
  /// identity provider restarts with another address. The JDK reads these properties at its first
  /// look-up.
  private static void limitDnsCache() {
    Security.setProperty("networkaddress.cache.ttl", "2");
    Security.setProperty("networkaddress.cache.negative.ttl", "1");
  }
}
