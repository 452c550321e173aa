package dev.postern.config.load;

import dev.postern.config.ProvidersConfig;
import dev.postern.config.ProvidersConfig.AuthentikProvider;
import dev.postern.config.ProvidersConfig.FileProvider;
import dev.postern.config.ProvidersConfig.PathKind;
import dev.postern.config.ProvidersConfig.TraefikProvider;
import dev.postern.config.Secret;
import dev.postern.net.Endpoint;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Converts settings to the configuration records of the sources.
final class ProvidersBinder {
  private final Settings settings;

  ProvidersBinder(Settings settings) {
    this.settings = settings;
  }

  ProvidersConfig config() {
    return new ProvidersConfig(
        settings.isOn(ProviderKeys.FILE) ? file() : null,
        settings.isOn(ProviderKeys.TRAEFIK.named()) ? traefik() : null,
        settings.isOn(ProviderKeys.AUTHENTIK.named()) ? authentik() : null);
  }

  private FileProvider file() {
    Path directory = settings.find(ProviderKeys.DIRECTORY);
    Path filename = settings.find(ProviderKeys.FILENAME);
    if (settings.setting(ProviderKeys.DIRECTORY) == null
        && settings.setting(ProviderKeys.FILENAME) == null) {
      settings.missing(
          ProviderKeys.DIRECTORY.name(),
          "is missing; write it, or one file to " + ProviderKeys.FILENAME.name());
    }
    Path path = directory != null ? directory : filename;
    return new FileProvider(
        path != null ? path : ProviderKeys.DIRECTORY.exampleValue(),
        directory == null && filename != null ? PathKind.FILE : PathKind.DIRECTORY,
        settings.get(ProviderKeys.WATCH),
        settings.get(ProviderKeys.DEFAULT_RULE_SYNTAX));
  }

  private TraefikProvider traefik() {
    Endpoint endpoint = settings.require(ProviderKeys.TRAEFIK.endpoint());
    return new TraefikProvider(
        endpoint,
        settings.get(ProviderKeys.TRAEFIK.interval()),
        settings.get(ProviderKeys.TRAEFIK.timeout()),
        authorization(),
        ProviderKeys.TRAEFIK_TLS.read(settings, endpoint));
  }

  private @Nullable Secret authorization() {
    Secret whole = settings.secret(ProviderKeys.AUTHORIZATION, ProviderKeys.AUTHORIZATION_FILE);
    Secret password = settings.secret(ProviderKeys.PASSWORD, ProviderKeys.PASSWORD_FILE);
    String username = settings.find(ProviderKeys.USERNAME);
    boolean hasPassword =
        settings.setting(ProviderKeys.PASSWORD) != null
            || settings.setting(ProviderKeys.PASSWORD_FILE) != null;
    boolean hasUsername = settings.setting(ProviderKeys.USERNAME) != null;
    if (hasUsername != hasPassword) {
      settings.missing(
          hasUsername ? ProviderKeys.PASSWORD.name() : ProviderKeys.USERNAME.name(),
          "is missing, but the other half of basic auth is set; set both or neither");
    }
    if (whole != null && (hasUsername || hasPassword)) {
      settings.problem(
          "providers.traefik",
          "has both authorization and basic auth (username, password); remove one of the two");
    }
    return whole != null || username == null || password == null
        ? whole
        : basic(username, password);
  }

  private static Secret basic(String username, Secret password) {
    byte[] pair = (username + ":" + password.value()).getBytes(StandardCharsets.UTF_8);
    return new Secret("Basic " + Base64.getEncoder().encodeToString(pair));
  }

  private AuthentikProvider authentik() {
    Endpoint endpoint = settings.require(ProviderKeys.AUTHENTIK.endpoint());
    return new AuthentikProvider(
        endpoint,
        settings.requireSecret(ProviderKeys.TOKEN, ProviderKeys.TOKEN_FILE),
        settings.get(ProviderKeys.AUTHENTIK.interval()),
        settings.get(ProviderKeys.AUTHENTIK.timeout()),
        ProviderKeys.AUTHENTIK_TLS.read(settings, endpoint));
  }
}
