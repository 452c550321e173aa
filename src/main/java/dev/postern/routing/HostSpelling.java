package dev.postern.routing;

import dev.postern.rules.index.HostBounds;
import dev.postern.rules.request.CanonicalHost;

/// The spellings of one host.
///
/// `VAULT.domain.tld`, `vault.domain.tld.` and `vault.domain.tld:8443` reach the same router of
/// Traefik as `vault.domain.tld`, but the outpost compares hosts byte for byte and may know them as
/// another application, or as none (docs/design/authentik.md section 3). So each spelling is an
/// application of its own in what it shares, and all of them are one in what narrows: lives,
/// expected slugs, options and revocations.
public final class HostSpelling {
  private HostSpelling() {}

  /// The spelling that applications are written in.
  ///
  /// @param host a host as received, or any text
  /// @return the host in lower case without port, brackets and one final dot; possibly empty
  public static String plain(String host) {
    return isPlain(host) ? host : HostBounds.plain(CanonicalHost.of(host));
  }

  /// Whether a host is spelled as applications are. It makes no garbage: this is asked for every
  /// request.
  ///
  /// @param host a host as received
  /// @return whether [#plain] would return it unchanged and it is not empty
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
