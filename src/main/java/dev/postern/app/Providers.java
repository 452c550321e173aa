package dev.postern.app;

import dev.postern.config.ProvidersConfig;
import dev.postern.routing.Routes;
import dev.postern.routing.definition.Provider;
import dev.postern.routing.pluginoptions.ForwardOptionsReader.Known;
import dev.postern.routing.source.ApiPolling;
import dev.postern.routing.source.authentik.AuthentikApi;
import dev.postern.routing.source.file.FileProvider;
import dev.postern.routing.source.traefik.OwnFiles;
import dev.postern.routing.source.traefik.TraefikApi;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The configured sources of routers and applications.
final class Providers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Providers.class);

  /// Separate from the cache's maintenance, which must not wait until many rules are read.
  private final ScheduledExecutorService scheduler =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("postern-rules").factory());

  private final List<ApiPolling> polled = new ArrayList<>();
  private @Nullable FileProvider file;

  private Providers() {}

  /// Collaborators of the sources.
  ///
  /// @param routes receives what the sources read
  /// @param known values of the rest of the static configuration
  /// @param environment variables for templates in rules
  /// @param ticker monotonic nanoseconds
  record Parts(Routes routes, Known known, Map<String, String> environment, LongSupplier ticker) {}

  /// Starts all sources or none. A source that cannot be read yet is not an error.
  ///
  /// @throws IOException if a certificate file cannot be read
  static Providers start(ProvidersConfig config, Parts parts) throws IOException {
    Providers providers = new Providers();
    try {
      providers.begin(config, parts);
      return providers;
    } catch (IOException | RuntimeException | Error e) {
      providers.close();
      throw e;
    }
  }

  private void begin(ProvidersConfig config, Parts parts) throws IOException {
    ApiPolling.Setup polling =
        new ApiPolling.Setup(parts.routes(), parts.ticker(), new SecureRandom());
    if (config.file() != null) {
      parts.routes().expect(Provider.FILE);
      file =
          FileProvider.start(
              config.file(),
              new FileProvider.Setup(
                  parts.routes(),
                  parts.environment(),
                  parts.known(),
                  scheduler,
                  FileProvider.Pace.STANDARD));
      if (parts.routes().states().stream().allMatch(state -> state.loadedAt() == null)) {
        LOG.warn(
            "Nothing is cached until the rules can be read: every request is checked at the"
                + " identity provider");
      }
    }
    if (config.traefik() != null) {
      parts.routes().awaitTraefik();
      OwnFiles files = config.file() == null ? OwnFiles.NOT_READ : OwnFiles.READ;
      polled.add(TraefikApi.start(config.traefik(), parts.known(), files, polling));
    }
    if (config.authentik() != null) {
      polled.add(AuthentikApi.start(config.authentik(), polling));
    }
  }

  /// Starts a reload of all sources.
  void reload() {
    FileProvider rules = file;
    if (rules != null) {
      scheduler.execute(rules::reload);
    }
    polled.forEach(ApiPolling::reload);
  }

  @Override
  public void close() {
    if (file != null) {
      file.close();
    }
    polled.forEach(ApiPolling::close);
    scheduler.shutdownNow();
  }
}
