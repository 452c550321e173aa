package dev.postern.config;

import dev.postern.config.tls.ClientTls;
import dev.postern.net.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Where routers and applications are read from; a source that is absent is not read.
///
/// @param file rules directory or file, the one that Traefik's file provider reads
/// @param traefik Traefik's API
/// @param authentik authentik's API
public record ProvidersConfig(
    @Nullable FileProvider file,
    @Nullable TraefikProvider traefik,
    @Nullable AuthentikProvider authentik) {
  /// No source at all.
  public static final ProvidersConfig NONE = new ProvidersConfig(null, null, null);

  /// The rules directory or file (docs/design/traefik.md section 5.1).
  ///
  /// @param path what is read
  /// @param kind whether it is a directory or one file
  /// @param watch whether changes are taken over while Postern runs
  /// @param defaultRuleSyntax language of rules that do not say theirs
  public record FileProvider(
      Path path, PathKind kind, boolean watch, DefaultRuleSyntax defaultRuleSyntax) {}

  /// What a path names.
  public enum PathKind {
    /// a directory with everything below it
    DIRECTORY,
    /// one file
    FILE
  }

  /// Traefik's two rule languages.
  public enum DefaultRuleSyntax {
    /// the present one
    V3,
    /// that of Traefik 2
    V2
  }

  /// Traefik's API (docs/design/traefik.md section 6.2).
  ///
  /// @param endpoint scheme, host and port, with `api.basePath` where Traefik has one; no slash at
  ///   its end
  /// @param pollInterval time between two polls
  /// @param pollTimeout bound of one request
  /// @param authorization whole value of the `Authorization` header, or null for none
  /// @param tls how Traefik's certificate is checked
  public record TraefikProvider(
      Endpoint endpoint,
      Duration pollInterval,
      Duration pollTimeout,
      @Nullable Secret authorization,
      ClientTls tls) {}

  /// authentik's API.
  ///
  /// @param endpoint scheme, host and port, with a path where authentik is served below one; no
  ///   slash at its end
  /// @param token API token of a user who may view proxy providers
  /// @param pollInterval time between two polls
  /// @param pollTimeout bound of one request
  /// @param tls how authentik's certificate is checked
  public record AuthentikProvider(
      Endpoint endpoint,
      Secret token,
      Duration pollInterval,
      Duration pollTimeout,
      ClientTls tls) {}
}
