package dev.postern.routing.source.authentik;

import dev.postern.config.ProvidersConfig.AuthentikProvider;
import dev.postern.config.Secret;
import dev.postern.routing.source.ApiPolling;
import dev.postern.routing.source.ApiTarget;
import dev.postern.routing.source.ApiTarget.Advice;
import java.io.IOException;

/// authentik's API as a source of applications (docs/design/authentik.md section 5).
public final class AuthentikApi {
  private static final String SECTION = "providers.authentik";
  private static final Advice ADVICE =
      new Advice(
          "check providers.authentik.token: it must have the intent API, must not be expired, and"
              + " its user must be able to view proxy providers"
              + " (authentik_providers_proxy.view_proxyprovider)",
          "check that providers.authentik.endpoint is authentik itself, not a standalone outpost,"
              + " and ends with authentik's base path if there is one");

  private AuthentikApi() {}

  /// Starts polling.
  ///
  /// @throws IOException if a certificate file cannot be read, with a message that names it
  public static ApiPolling start(AuthentikProvider config, ApiPolling.Setup parts)
      throws IOException {
    ApiTarget target =
        new ApiTarget(
            "authentik",
            SECTION,
            config.endpoint(),
            new Secret("Bearer " + config.token().value()),
            config.pollInterval(),
            config.pollTimeout(),
            config.tls(),
            ADVICE);
    return ApiPolling.start(target, new AuthentikSource(config.endpoint()), parts);
  }
}
