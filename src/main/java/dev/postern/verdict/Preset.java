package dev.postern.verdict;

import dev.postern.net.Percent;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What is particular to one kind of upstream, as data.
///
/// @param name the name in the configuration
/// @param forwardAuthPaths paths of the forward-auth endpoints that are answered through the cache
/// @param refusedPrefix beginning of further endpoints that are not for Traefik: answered 404
/// @param relayedPrefix beginning of the paths that are relayed to the upstream
/// @param publicPrefix beginning of the relayed paths whose responses are the same for everybody,
///   so that they may be stored by others where they say nothing about it
/// @param signIn what may change who a session is
/// @param signOut what ends a session
/// @param cookiePrefix lower-case beginning of the names of its session cookies
/// @param methodInKey whether the sub-request's method has a part in the verdict
/// @param bodyInVerdict whether the sub-request's body has a part in the verdict; where it has
///   none, a check whose body has been sent can be asked again without it
/// @param endSession the redirect of a sign-out
/// @param allowStatuses statuses of an allow
/// @param identityHeader header that is never empty on an allow with identity
/// @param applicationHeader header that names the application on an allow with identity
/// @param userHeader header that names the user on an allow with identity, for people
/// @param tokenHeader header with the identity's token
/// @param echoedRequestHeader request header that an allow repeats
/// @param healthPath path whose 2xx answer says that the upstream runs, whatever the host
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
  /// Copies the collections.
  public Preset {
    forwardAuthPaths = Set.copyOf(forwardAuthPaths);
    allowStatuses = Set.copyOf(allowStatuses);
  }

  /// Requests by which the upstream changes a session.
  ///
  /// @param paths relayed paths
  /// @param queryFlags lower-case names of query parameters that do the same on any path
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

  /// The redirect by which a sign-out leads to the identity provider.
  ///
  /// @param pathEnd how the path of its address ends, with a slash
  /// @param tokenParameter parameter of its query that holds the session's token
  public record EndSession(String pathEnd, String tokenParameter) {}

  /// Finds the token of the session that a redirect ends. It counts in the query of the end-session
  /// endpoint alone.
  ///
  /// @param location the redirect's `Location`
  /// @return the token, decoded, or null when the redirect ends no session
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

  /// Whether a query makes the upstream do more than check (invariant 3). More is recognised than
  /// the upstream would act on: in any letter case, wherever it stands, whatever is encoded.
  ///
  /// @param text raw query, or raw URI with its query
  /// @return whether a flag is in it
  public boolean isFlagged(String text) {
    return signIn.isFlaggedIn(text) || signOut.isFlaggedIn(text);
  }

  /// Whether a request that changes a session can do nothing but end it. The redirect of a sign-in
  /// may lead to any address that its client has chosen before.
  ///
  /// @param path raw path of the upstream, without its query
  /// @param texts raw queries, or raw URIs with theirs
  /// @return whether it has a part in signing out and none in signing in
  public boolean onlySignsOut(String path, String... texts) {
    boolean signsOut = signOut.isAt(path);
    boolean signsIn = signIn.isAt(path);
    for (String text : texts) {
      signsOut |= signOut.isFlaggedIn(text);
      signsIn |= signIn.isFlaggedIn(text);
    }
    return signsOut && !signsIn;
  }

  /// Whether the responses of a relayed path are the same for everybody.
  ///
  /// @param path raw path in its plain form
  /// @return whether others may store what says nothing about storing
  public boolean isPublic(String path) {
    return path.startsWith(publicPrefix);
  }

  /// What a path of the upstream is for.
  ///
  /// @param path raw path without its query
  /// @return its purpose
  public Purpose purpose(String path) {
    if (forwardAuthPaths.contains(path)) {
      return Purpose.FORWARD_AUTH;
    }
    if (!path.startsWith(relayedPrefix) || path.startsWith(refusedPrefix)) {
      return Purpose.UNKNOWN;
    }
    return signIn.isAt(path) || signOut.isAt(path) ? Purpose.SESSION_CHANGE : Purpose.RELAY;
  }

  /// What a path of the upstream is for.
  public enum Purpose {
    /// the forward-auth endpoint
    FORWARD_AUTH,
    /// relayed; may change who a session is
    SESSION_CHANGE,
    /// relayed
    RELAY,
    /// nothing that Postern knows
    UNKNOWN
  }
}
