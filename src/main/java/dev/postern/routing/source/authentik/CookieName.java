package dev.postern.routing.source.authentik;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;

/// The name of an application's session cookie, for display only: no cookie is ever excluded from a
/// credential because of its name.
final class CookieName {
  private CookieName() {}

  /// Computes the name as outposts since 2025.6.2 do (docs/design/authentik.md section 2.1).
  ///
  /// @param clientId the provider's OAuth client
  /// @return the name, or empty without a client
  static String of(String clientId) {
    if (clientId.isEmpty()) {
      return "";
    }
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(clientId.getBytes(UTF_8));
      return "authentik_proxy_" + HexFormat.of().formatHex(digest, 0, 4);
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
