package dev.postern.app;

import dev.postern.config.EntryPointsConfig.AuthsEntryPoint;
import dev.postern.config.FeedsConfig.Websocket;
import dev.postern.config.Problem;
import dev.postern.config.ProvidersConfig;
import dev.postern.config.ProvidersConfig.FileProvider;
import dev.postern.config.StaticConfig;
import dev.postern.config.key.Unreadable;
import dev.postern.config.tls.client.ClientTlsContext;
import dev.postern.server.tls.ServerTls;
import java.io.IOException;
import java.nio.file.AccessMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Checks, without starting anything, the files that a valid configuration names: those that
/// `serve` cannot start without, and the rules, without which it caches nothing.
public final class NeededFiles {
  private NeededFiles() {}

  /// Lists one problem per unusable file, with its key.
  public static List<Problem> problems(StaticConfig config) {
    List<Problem> problems = new ArrayList<>();
    AuthsEntryPoint auths = config.entryPoints().auths();
    if (auths != null) {
      problems.addAll(ServerTls.problems(auths.tls()));
    }
    problems.addAll(ClientTlsContext.problems("upstream.tls", config.upstream().tls()));
    Websocket websocket = config.feeds().websocket();
    if (websocket != null) {
      problems.addAll(ClientTlsContext.problems("feeds.websocket.tls", websocket.tls()));
    }
    problems.addAll(ofProviders(config.providers()));
    return problems;
  }

  private static List<Problem> ofProviders(ProvidersConfig providers) {
    List<Problem> problems = new ArrayList<>();
    if (providers.file() != null) {
      rules(providers.file()).ifPresent(problems::add);
    }
    if (providers.traefik() != null) {
      problems.addAll(
          ClientTlsContext.problems("providers.traefik.tls", providers.traefik().tls()));
    }
    if (providers.authentik() != null) {
      problems.addAll(
          ClientTlsContext.problems("providers.authentik.tls", providers.authentik().tls()));
    }
    return problems;
  }

  /// Checks only that the rules can be read; `validate DIR` checks their content.
  private static Optional<Problem> rules(FileProvider config) {
    Path path = config.path();
    boolean isDirectory = Files.isDirectory(path);
    return switch (config.kind()) {
      case DIRECTORY ->
          Files.exists(path) && !isDirectory
              ? Optional.of(
                  new Problem(
                      "providers.file.directory",
                      path + " is not a directory; use providers.file.filename for a file"))
              : unreadable("providers.file.directory", path);
      case FILE ->
          isDirectory
              ? Optional.of(
                  new Problem(
                      "providers.file.filename",
                      path + " is a directory; use providers.file.directory for it"))
              : unreadable("providers.file.filename", path);
    };
  }

  private static Optional<Problem> unreadable(String key, Path path) {
    try {
      path.getFileSystem().provider().checkAccess(path, AccessMode.READ);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(new Problem(key, path + " cannot be read: " + Unreadable.whyProvided(e)));
    }
  }
}
