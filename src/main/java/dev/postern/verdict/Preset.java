package dev.postern.verdict;

import dev.postern.net.Percent;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is particular to one kind of upstream, as data.
///
/// @param name the name in the configuration
/// @param forwardAuthPaths paths of the forward-auth endpoints that the cache answers
/// @param refusedPrefix prefix of other endpoints that Traefik does not use; answered 404
/// @param relayedPrefix prefix of the paths that are relayed to the upstream
/// @param publicPrefix prefix of the relayed paths whose responses are the same for every client;
///   without a `Cache-Control` of their own they may be stored by other caches
/// @param signIn requests that may change the session's user
/// @param signOut requests that end a session
/// @param cookiePrefix lower-case prefix of its session cookies' names
/// @param methodInKey whether the verdict depends on the sub-request's method
/// @param bodyInVerdict whether the verdict depends on the sub-request's body; if not, a check can
///   be repeated without the body
/// @param endSession the redirect of a sign-out
/// @param allowStatuses statuses of an allow
/// @param identityHeader header that is never empty on an allow with identity
/// @param applicationHeader header that names the application on an allow with identity
/// @param userHeader header with the user's display name on an allow with identity
/// @param tokenHeader header with the identity's token
/// @param echoedRequestHeader request header that an allow echoes
/// @param healthPath path that answers 2xx, for any host, while the upstream is running
public record Preset(
    String name,
    Set<String> forwardAuthPaths,
    String refusedPrefix,
    String relayedPrefix,
    String publicPrefix,
    SessionChange signIn,
    SessionChange signOut,
    String cookiePrefix,
    boolean methodInKey,
    boolean bodyInVerdict,
    EndSession endSession,
    Set<Integer> allowStatuses,
    String identityHeader,
    String applicationHeader,
    String userHeader,
    String tokenHeader,
    String echoedRequestHeader,
    String healthPath) {
  /// Makes immutable copies.
  public Preset {
    forwardAuthPaths = Set.copyOf(forwardAuthPaths);
    allowStatuses = Set.copyOf(allowStatuses);
  }

  /// Requests by which the upstream changes a session.
  ///
  /// @param paths relayed paths
  /// @param queryFlags lower-case names of query parameters with the same effect on any path
  public record SessionChange(Set<String> paths, List<String> queryFlags) {
    /// Makes immutable copies.
    public SessionChange {
      paths = Set.copyOf(paths);
      queryFlags = List.copyOf(queryFlags);
    }

    private boolean isAt(String path) {
      for (String mine : paths) {
        if (path.equals(mine) || path.startsWith(mine + "/")) {
          return true;
        }
      }
      return false;
    }

    private boolean isFlaggedIn(String text) {
      for (String flag : queryFlags) {
        if (Percent.containsDecoded(text, flag)) {
          return true;
        }
      }
      return false;
    }
  }

  /// The redirect from a sign-out to the identity provider.
  ///
  /// @param pathEnd how the path of the target ends, with a slash
  /// @param tokenParameter query parameter that holds the session's token
  public record EndSession(String pathEnd, String tokenParameter) {}

  /// Finds the token of the session that a redirect ends. Only the query of the end-session
  /// endpoint is trusted.
  ///
  /// @param location the redirect's `Location`
  /// @return the token, decoded, or null if the redirect ends no session
  public @Nullable String endedToken(String location) {
    int fragment = location.indexOf('#');
    String address = fragment < 0 ? location : location.substring(0, fragment);
    int mark = address.indexOf('?');
    if (mark < 0 || !isEndSession(address.substring(0, mark))) {
      return null;
    }
    for (String parameter : address.substring(mark + 1).split("&", -1)) {
      int equals = parameter.indexOf('=');
      if (equals >= 0 && parameter.substring(0, equals).equals(endSession.tokenParameter())) {
        String value = parameter.substring(equals + 1);
        String decoded = Percent.decode(value);
        return decoded == null ? value : decoded;
      }
    }
    return null;
  }

  private boolean isEndSession(String address) {
    return (address.endsWith("/") ? address : address + "/").endsWith(endSession.pathEnd());
  }

  /// Whether a query makes the upstream do more than check (invariant 3). It matches more than the
  /// upstream does: any letter case, any position, any encoding.
  ///
  /// @param text raw query, or raw URI with its query
  public boolean isFlagged(String text) {
    return signIn.isFlaggedIn(text) || signOut.isFlaggedIn(text);
  }

  /// Whether a request that changes a session can only end it. A sign-in's redirect target may have
  /// been chosen by the client, so it proves nothing.
  ///
  /// @param path raw path of the upstream, without its query
  /// @param texts raw queries, or raw URIs with their queries
  /// @return whether it signs out and does not sign in
  public boolean onlySignsOut(String path, String... texts) {
    boolean signsOut = signOut.isAt(path);
    boolean signsIn = signIn.isAt(path);
    for (String text : texts) {
      signsOut |= signOut.isFlaggedIn(text);
      signsIn |= signIn.isFlaggedIn(text);
    }
    return signsOut && !signsIn;
  }

  /// Whether the responses of a relayed path are the same for every client. Other caches may then
  /// store responses that have no `Cache-Control`.
  ///
  /// @param path raw path in canonical form
  public boolean isPublic(String path) {
    return path.startsWith(publicPrefix);
  }

  /// Classifies a path of the upstream.
  ///
  /// @param path raw path without its query
  public Purpose purpose(String path) {
    if (forwardAuthPaths.contains(path)) {
      return Purpose.FORWARD_AUTH;
    }
    if (!path.startsWith(relayedPrefix) || path.startsWith(refusedPrefix)) {
      return Purpose.UNKNOWN;
    }
    return signIn.isAt(path) || signOut.isAt(path) ? Purpose.SESSION_CHANGE : Purpose.RELAY;
  }

  /// Purpose of a path of the upstream.
  public enum Purpose {
    /// the forward-auth endpoint
    FORWARD_AUTH,
    /// relayed; may change the session
    SESSION_CHANGE,
    /// relayed
    RELAY,
    /// unknown to Postern
    UNKNOWN
  }
}
