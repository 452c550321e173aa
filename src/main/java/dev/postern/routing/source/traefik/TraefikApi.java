package dev.postern.routing.source.traefik;

import dev.postern.config.ProvidersConfig.TraefikProvider;
import dev.postern.routing.pluginoptions.ForwardOptionsReader.Known;
import dev.postern.routing.source.ApiPolling;
import dev.postern.routing.source.ApiTarget;
import dev.postern.routing.source.ApiTarget.Advice;
import java.io.IOException;

/// Traefik's API as a source of routers, middlewares and applications (docs/design/traefik.md
/// section 6.2).
public final class TraefikApi {
  private static final String SECTION = "providers.traefik";
  private static final Advice ADVICE =
      new Advice(
          "check providers.traefik.username and password, or authorization",
          "check that providers.traefik.endpoint leads to Traefik's API (api.insecure, or a router"
              + " with the service api@internal) and ends with its api.basePath if there is one");

  private TraefikApi() {}

  /// Starts polling.
  ///
  /// @param files whether Postern also reads rules files itself
  /// @throws IOException if a certificate file cannot be read, with a message that names it
  public static ApiPolling start(
      TraefikProvider config, Known known, OwnFiles files, ApiPolling.Setup parts)
      throws IOException {
    ApiTarget target =
        new ApiTarget(
            "Traefik",
            SECTION,
            config.endpoint(),
            config.authorization(),
            config.pollInterval(),
            config.pollTimeout(),
            config.tls(),
            ADVICE);
    return ApiPolling.start(target, new TraefikSource(config.endpoint(), known, files), parts);
  }
}
