package dev.postern.routing.definition;

import dev.postern.config.key.Words;
import java.util.Set;

/// The keys of a `plugin: postern:` block.
///
/// Traefik gives the same block to Postern's Traefik plugin where that is installed, so the
/// plugin's options may stand in it; they say nothing to Postern.
public final class PosternBlock {
  /// The key of the applications.
  public static final String APPLICATIONS = "applications";

  private static final Set<String> PLUGIN_OPTIONS =
      Set.of(
          "address",
          "tls",
          "timeout",
          "trustforwardheader",
          "authrequestheaders",
          "authresponseheaders",
          "maxresponsebodysize");

  private PosternBlock() {}

  /// Whether a key is an option of the Traefik plugin.
  ///
  /// @param key a key in any case, as Traefik takes it
  /// @return whether Postern has to leave it alone
  public static boolean isPluginOption(String key) {
    return PLUGIN_OPTIONS.contains(Words.lower(key));
  }
}
