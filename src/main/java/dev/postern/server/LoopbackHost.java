package dev.postern.server;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/// Tells a `Host` that only this machine has from one that somebody else has made to lead here (DNS
/// rebinding).
public final class LoopbackHost {
  private LoopbackHost() {}

  /// Whether a `Host` or `:authority` is `localhost` or a literal loopback address.
  ///
  /// @param host the value, or null where there is none
  /// @return false also for what is no host with an optional port
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
