package dev.postern.routing;

import dev.postern.rules.index.HostBounds;
import dev.postern.rules.request.CanonicalHost;

/// The spellings of one host.
///
/// `VAULT.domain.tld`, `vault.domain.tld.` and `vault.domain.tld:8443` reach the same Traefik
/// router as `vault.domain.tld`. But the outpost compares hosts byte for byte and may treat them as
/// another application, or as none (docs/design/authentik.md section 3). So each spelling is an
/// application of its own for sharing, and all spellings are one application for restrictions:
/// lifetimes, expected slugs, options and revocations.
public final class HostSpelling {
  private HostSpelling() {}

  /// The spelling in which applications are configured.
  ///
  /// @param host a host as received, or any text
  /// @return the host in lower case without port, brackets and one final dot; possibly empty
  public static String plain(String host) {
    return isPlain(host) ? host : HostBounds.plain(CanonicalHost.of(host));
  }

  /// Whether a host is in its plain spelling: [#plain] would return it unchanged, and it is not
  /// empty. Allocates nothing, because it is called for every request.
  static boolean isPlain(String host) {
    int length = host.length();
    for (int i = 0; i < length; i++) {
      char c = host.charAt(i);
      if (c <= ' ' || (c >= 'A' && c <= 'Z') || c == ':' || c == '[') {
        return false;
      }
    }
    return length > 0 && host.charAt(length - 1) != '.';
  }
}
