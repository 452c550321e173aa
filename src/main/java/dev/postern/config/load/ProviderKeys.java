package dev.postern.config.load;

import dev.postern.config.ProvidersConfig.DefaultRuleSyntax;
import dev.postern.config.Secret;
import dev.postern.config.key.Key;
import dev.postern.config.key.Kinds;
import dev.postern.net.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;

/// The keys of the sources of routers and applications.
final class ProviderKeys {

  /// Keys that both APIs have in common.
  record Polling(
      Key<Boolean> named, Key<Endpoint> endpoint, Key<Duration> interval, Key<Duration> timeout) {

    static Polling of(String name, String what, String endpoint, Polling.Defaults defaults) {
      String section = "providers." + name;
      return new Polling(
          Key.of(section, Kinds.SWITCH, "", what),
          Key.of(
                  section + ".endpoint",
                  Kinds.URL_WITH_PATH,
                  "",
                  "Scheme, host and port, and the base path if there is one. Required in this"
                      + " section.")
              .example(endpoint),
          Key.of(
                  section + ".pollInterval",
                  Kinds.DURATION,
                  defaults.interval(),
                  "Time between two polls.")
              .must("at least 1s", d -> d.compareTo(Duration.ofSeconds(1)) >= 0),
          Key.of(
                  section + ".pollTimeout",
                  Kinds.DURATION,
                  defaults.timeout(),
                  "Timeout per request.")
              .must("above 0s", Duration::isPositive));
    }

    /// The default values, as text.
    record Defaults(String interval, String timeout) {}
  }

  static final Key<Boolean> FILE =
      Key.of(
          "providers.file",
          Kinds.SWITCH,
          "",
          "Reads routers and applications from the rules directory of Traefik's file provider.");
  static final Key<Path> DIRECTORY =
      Key.of(
              "providers.file.directory",
              Kinds.PATH,
              "",
              "Directory of .yml, .yaml and .toml files, including subdirectories. Takes precedence"
                  + " over filename; one of the two is required in this section.")
          .example("/rules");
  static final Key<Path> FILENAME =
      Key.of("providers.file.filename", Kinds.PATH, "", "A single file to read.")
          .example("/etc/traefik/dynamic.yml");
  static final Key<Boolean> WATCH =
      Key.of(
          "providers.file.watch",
          Kinds.BOOLEAN,
          "true",
          "Reloads when a file changes; SIGHUP always reloads.");
  static final Key<DefaultRuleSyntax> DEFAULT_RULE_SYNTAX =
      Key.of(
          "core.defaultRuleSyntax",
          Kinds.oneOf(Map.of("v3", DefaultRuleSyntax.V3, "v2", DefaultRuleSyntax.V2)),
          "v3",
          "Rule syntax of routers without ruleSyntax; use the same value as in Traefik's static"
              + " configuration.");

  static final Polling TRAEFIK =
      Polling.of(
          "traefik",
          "Reads routers, and applications from labels, from Traefik's API.",
          "http://traefik:8080",
          new Polling.Defaults("15s", "5s"));
  static final Key<String> USERNAME =
      Key.of("providers.traefik.username", Kinds.USERNAME, "", "User name for basic auth.")
          .example("postern");
  static final Key<Secret> PASSWORD =
      Key.of("providers.traefik.password", Kinds.HEADER_SECRET, "", "Password for basic auth.");
  static final Key<Secret> PASSWORD_FILE =
      Key.of(
              "providers.traefik.passwordFile",
              Kinds.HEADER_SECRET_FILE,
              "",
              "File that holds providers.traefik.password; trailing newlines are ignored.")
          .example("/run/secrets/traefik-password");
  static final Key<Secret> AUTHORIZATION =
      Key.of(
          "providers.traefik.authorization",
          Kinds.HEADER_SECRET,
          "",
          "Complete value of the Authorization header; alternative to user name and password.");
  static final Key<Secret> AUTHORIZATION_FILE =
      Key.of(
              "providers.traefik.authorizationFile",
              Kinds.HEADER_SECRET_FILE,
              "",
              "File that holds providers.traefik.authorization; trailing newlines are ignored.")
          .example("/run/secrets/traefik-authorization");
  static final TlsKeys TRAEFIK_TLS =
      TlsKeys.beside(
          TRAEFIK.endpoint(),
          "anyone who can redirect the connection can then read the password and forge routers.");

  static final Polling AUTHENTIK =
      Polling.of(
          "authentik",
          "Reads individual and catch-all applications from authentik's API.",
          "http://authentik-server:9000",
          new Polling.Defaults("60s", "10s"));
  static final Key<Secret> TOKEN =
      Key.of(
          "providers.authentik.token",
          Kinds.SECRET,
          "",
          "API token of a user who may view proxy providers. This or tokenFile is required in this"
              + " section.");
  static final Key<Secret> TOKEN_FILE =
      Key.of(
              "providers.authentik.tokenFile",
              Kinds.SECRET_FILE,
              "",
              "File that holds providers.authentik.token; trailing newlines are ignored.")
          .example("/run/secrets/authentik-token");
  static final TlsKeys AUTHENTIK_TLS =
      TlsKeys.beside(
          AUTHENTIK.endpoint(),
          "anyone who can redirect the connection can then read the token and forge applications.");

  private ProviderKeys() {}

  static Stream<Key<?>> all() {
    return Stream.of(
            Stream.of(FILE, DIRECTORY, FILENAME, WATCH),
            Stream.of(TRAEFIK.named(), TRAEFIK.endpoint(), TRAEFIK.interval(), TRAEFIK.timeout()),
            Stream.of(USERNAME, PASSWORD, PASSWORD_FILE, AUTHORIZATION, AUTHORIZATION_FILE),
            TRAEFIK_TLS.all(),
            Stream.of(AUTHENTIK.named(), AUTHENTIK.endpoint()),
            Stream.of(AUTHENTIK.interval(), AUTHENTIK.timeout(), TOKEN, TOKEN_FILE),
            AUTHENTIK_TLS.all(),
            Stream.of(DEFAULT_RULE_SYNTAX))
        .flatMap(keys -> keys);
  }
}
