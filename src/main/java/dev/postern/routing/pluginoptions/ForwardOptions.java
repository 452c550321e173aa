package dev.postern.routing.pluginoptions;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The options of the published `authentik-forward` plugin from one `plugin` block. None of them
/// can allow a request or extend a lifetime.
///
/// @param origin where the block is defined
/// @param cacheDuration maximum age of a stored verdict, or null when not set; zero disables
///   caching
/// @param timeout timeout of a check, or null when not set
/// @param paths how challenges are changed, or null when not set
public record ForwardOptions(
    String origin,
    @Nullable Duration cacheDuration,
    @Nullable Duration timeout,
    @Nullable Paths paths) {

  /// The response to a challenge by request path. The longest matching pattern decides; if two have
  /// the same length, the one of `unauthorized`.
  ///
  /// @param unauthorized regular expressions for paths that get a refusal without a redirect
  /// @param redirect regular expressions for paths that are redirected to the login
  /// @param unauthorizedStatus status of such a refusal
  /// @param redirectStatus status of such a redirect
  public record Paths(
      List<String> unauthorized,
      List<String> redirect,
      int unauthorizedStatus,
      int redirectStatus) {
    public Paths {
      unauthorized = List.copyOf(unauthorized);
      redirect = List.copyOf(redirect);
    }
  }
}
