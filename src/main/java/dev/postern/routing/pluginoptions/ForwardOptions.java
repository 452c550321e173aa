package dev.postern.routing.pluginoptions;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The options of the published `authentik-forward` plugin, as one `plugin` block says them. None
/// of them can allow anything or lengthen a life.
///
/// @param origin where the block stands, in words
/// @param cacheDuration how old a remembered verdict may be, or null when nothing is said; zero
///   remembers nothing
/// @param timeout how long a check may take, or null when nothing is said
/// @param paths how a challenge is answered, or null when nothing is said
public record ForwardOptions(
    String origin,
    @Nullable Duration cacheDuration,
    @Nullable Duration timeout,
    @Nullable Paths paths) {

  /// How a challenge is answered, by the path that was asked for. Of all patterns that match a path
  /// the longest decides, and of two of one length the one of `unauthorized`.
  ///
  /// @param unauthorized regular expressions for paths that are refused without a redirect
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
