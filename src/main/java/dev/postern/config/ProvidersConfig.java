package dev.postern.config;

import dev.postern.config.tls.ClientTls;
import dev.postern.net.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Where routers and applications are read from; an absent source is not used.
///
/// @param file rules directory or file, the one that Traefik's file provider reads
/// @param traefik Traefik's API
/// @param authentik authentik's API
public record ProvidersConfig(
    @Nullable FileProvider file,
    @Nullable TraefikProvider traefik,
    @Nullable AuthentikProvider authentik) {
  /// No sources.
  public static final ProvidersConfig NONE = new ProvidersConfig(null, null, null);

  /// The rules directory or file (docs/design/traefik.md section 5.1).
  ///
  /// @param path the directory or file to read
  /// @param kind whether the path is a directory or one file
  /// @param watch whether changes are loaded while Postern runs
  /// @param defaultRuleSyntax syntax of rules that do not specify one
  public record FileProvider(
      Path path, PathKind kind, boolean watch, DefaultRuleSyntax defaultRuleSyntax) {}

  /// What a path refers to.
  public enum PathKind {
    /// a directory, including subdirectories
    DIRECTORY,
    /// one file
    FILE
  }

  /// Traefik's two rule languages.
  public enum DefaultRuleSyntax {
    /// Traefik 3
    V3,
    /// Traefik 2
    V2
  }

  /// Traefik's API (docs/design/traefik.md section 6.2).
  ///
  /// @param endpoint scheme, host and port, with Traefik's `api.basePath` if it has one; without a
  ///   trailing slash
  /// @param pollInterval time between two polls
  /// @param pollTimeout timeout per request
  /// @param authorization complete value of the `Authorization` header, or null for none
  /// @param tls how Traefik's certificate is verified
  public record TraefikProvider(
      Endpoint endpoint,
      Duration pollInterval,
      Duration pollTimeout,
      @Nullable Secret authorization,
      ClientTls tls) {}

  /// authentik's API.
  ///
  /// @param endpoint scheme, host and port, with authentik's base path if it has one; without a
  ///   trailing slash
  /// @param token API token of a user who may view proxy providers
  /// @param pollInterval time between two polls
  /// @param pollTimeout timeout per request
  /// @param tls how authentik's certificate is verified
  public record AuthentikProvider(
      Endpoint endpoint,
      Secret token,
      Duration pollInterval,
      Duration pollTimeout,
      ClientTls tls) {}
}
