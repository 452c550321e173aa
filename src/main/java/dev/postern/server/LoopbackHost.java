package dev.postern.server;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/// Distinguishes a loopback `Host` from a foreign name that resolves to loopback (DNS rebinding).
public final class LoopbackHost {
  private LoopbackHost() {}

  /// Whether a `Host` or `:authority` is `localhost` or a literal loopback address.
  ///
  /// @param host the value, or null if there is none
  /// @return false also if the value is not a host with an optional port
  public static boolean is(@Nullable String host) {
    if (host == null) {
      return false;
    }
    try {
      URI uri = URI.create("http://" + host);
      String name = uri.getHost();
      return name != null
          && uri.getUserInfo() == null
          && host.equals(uri.getRawAuthority())
          && (name.equalsIgnoreCase("localhost")
              || name.equals("[::1]")
              || name.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}"));
    } catch (IllegalArgumentException notAHost) {
      return false;
    }
  }
}
