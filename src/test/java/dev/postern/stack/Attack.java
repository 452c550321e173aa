package dev.postern.stack;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Header lines that a client may forge, and spellings of their names.
final class Attack {
  /// The separator between the words of a header name. For Traefik these are different headers; for
  /// many applications they are the same.
  enum Spelling {
    DASH,
    LOWER,
    UNDERSCORE,
    DOT,
    MIXED;

    /// The line with the name in this spelling.
    String of(String line) {
      int colon = line.indexOf(':');
      String name = line.substring(0, colon);
      return spell(name) + line.substring(colon);
    }

    private String spell(String name) {
      return switch (this) {
        case DASH -> name;
        case LOWER -> name.toLowerCase(Locale.ROOT);
        case UNDERSCORE -> name.replace('-', '_');
        case DOT -> name.replace('-', '.');
        case MIXED -> name.replaceFirst("-", "_");
      };
    }
  }

  /// Headers that could change which request is checked, or how other programs interpret it.
  private static final List<String> REQUEST =
      List.of(
          "X-Forwarded-Host: " + Stack.host("whoami-catch-all"),
          "X-Forwarded-Host: evil.test",
          "X-Forwarded-Uri: " + People.OPEN_PATH,
          "X-Forwarded-Uri: /?X-authentik-logout=true",
          "X-Forwarded-Uri: /?X-authentik-auth-callback=true",
          "X-Forwarded-Method: OPTIONS",
          "X-Forwarded-Proto: http",
          "X-Forwarded-Proto: wss",
          "X-Forwarded-Port: 8443",
          "X-Forwarded-Prefix: " + People.OPEN_PATH,
          "X-Forwarded-Scheme: http",
          "X-Scheme: http",
          "X-Forwarded-Server: evil",
          "X-Forwarded-Tls-Client-Cert: forged",
          "X-Forwarded-Tls-Client-Cert-Info: forged",
          "Forwarded: host=evil.test;proto=http",
          "X-Original-Url: " + People.OPEN_PATH,
          "X-Original-Uri: " + People.OPEN_PATH,
          "X-Rewrite-Url: " + People.OPEN_PATH);

  private static final List<String> IDENTITY =
      List.of(
          "username",
          "groups",
          "entitlements",
          "email",
          "name",
          "uid",
          "jwt",
          "meta-jwks",
          "meta-outpost",
          "meta-provider",
          "meta-app",
          "meta-version");

  private Attack() {}

  /// All forged lines.
  static List<String> lines() {
    List<String> lines = new ArrayList<>(REQUEST);
    IDENTITY.forEach(name -> lines.add("X-authentik-" + name + ": forged"));
    return lines;
  }
}
