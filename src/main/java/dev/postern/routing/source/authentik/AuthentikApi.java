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
          "check providers.authentik.token: a token with the intent API, which has not expired, of"
              + " a user who may view proxy providers"
              + " (authentik_providers_proxy.view_proxyprovider)",
          "check that providers.authentik.endpoint is authentik itself, not a standalone outpost,"
              + " and ends in the path below which authentik is served if there is one");

  private AuthentikApi() {}

  /// Begins to poll.
  ///
  /// @param config where and with what token
  /// @param parts what it works with
  /// @return the running source
  /// @throws IOException if a file of certificates cannot be read, with a message that names it
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
