package dev.postern.stack;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.UnaryOperator;

/// Header lines that a client forges, and how he may spell their names.
final class Attack {
  /// What stands between the words of a header's name. To Traefik these are different headers; to many
  /// applications they are the same.
  enum Spelling {
    DASH(name -> name),
    LOWER(name -> name.toLowerCase(Locale.ROOT)),
    UNDERSCORE(name -> name.replace('-', '_')),
    DOT(name -> name.replace('-', '.')),
    MIXED(name -> name.replaceFirst("-", "_"));

    private final UnaryOperator<String> spell;

    Spelling(UnaryOperator<String> spell) {
      this.spell = spell;
    }

    String of(String line) {
      int colon = line.indexOf(':');
      return spell.apply(line.substring(0, colon)) + line.substring(colon);
    }
  }

  /// What would change which request is judged, or as which another reads it.
  private static final List<String> REQUEST =
      List.of(
          "X-Forwarded-Host: " + Stack.host("whoami-catch-all"),
          "X-Forwarded-Host: evil.test",
          "X-Forwarded-Uri: " + Stack.OPEN_PATH,
          "X-Forwarded-Uri: /?X-authentik-logout=true",
          "X-Forwarded-Uri: /?X-authentik-auth-callback=true",
          "X-Forwarded-Method: OPTIONS",
          "X-Forwarded-Proto: http",
          "X-Forwarded-Proto: wss",
          "X-Forwarded-Port: 8443",
          "X-Forwarded-Prefix: " + Stack.OPEN_PATH,
          "X-Forwarded-Scheme: http",
          "X-Scheme: http",
          "X-Forwarded-Server: evil",
          "X-Forwarded-Tls-Client-Cert: forged",
          "X-Forwarded-Tls-Client-Cert-Info: forged",
          "Forwarded: host=evil.test;proto=http",
          "X-Original-Url: " + Stack.OPEN_PATH,
          "X-Original-Uri: " + Stack.OPEN_PATH,
          "X-Rewrite-Url: " + Stack.OPEN_PATH);

  private static final List<String> IDENTITY =
      List.of(
          "username", "groups", "entitlements", "email", "name", "uid", "jwt", "meta-jwks",
          "meta-outpost", "meta-provider", "meta-app", "meta-version");

  private Attack() {}

  /// All forged lines.
  static List<String> lines() {
    List<String> lines = new ArrayList<>(REQUEST);
    IDENTITY.forEach(name -> lines.add("X-authentik-" + name + ": forged"));
    return lines;
  }
}
