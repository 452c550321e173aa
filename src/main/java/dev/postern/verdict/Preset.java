package dev.postern.verdict;

import java.util.List;
import java.util.Set;

/// What is particular to one kind of upstream, as data.
///
/// @param name the name in the configuration
/// @param forwardAuthPaths paths of the forward-auth endpoints that are answered through the cache
/// @param refusedPaths endpoints of the upstream that are not for Traefik and answered 404
/// @param relayedPrefix beginning of the paths that are relayed to the upstream
/// @param revokingPaths relayed paths that may change who a session is
/// @param queryFlags lower-case names of query parameters that make the upstream do more than check
/// @param cookiePrefix lower-case beginning of the names of its session cookies
/// @param methodInKey whether the sub-request's method has a part in the verdict
/// @param allowStatuses statuses of an allow
/// @param identityHeader header that is never empty on an allow with identity
/// @param applicationHeader header that names the application on an allow with identity
/// @param tokenHeader header with the identity's token
/// @param echoedRequestHeader request header that an allow repeats
public record Preset(
    String name,
    Set<String> forwardAuthPaths,
    Set<String> refusedPaths,
    String relayedPrefix,
    Set<String> revokingPaths,
    List<String> queryFlags,
    String cookiePrefix,
    boolean methodInKey,
    Set<Integer> allowStatuses,
    String identityHeader,
    String applicationHeader,
    String tokenHeader,
    String echoedRequestHeader) {
  /// Copies the collections.
  public Preset {
    forwardAuthPaths = Set.copyOf(forwardAuthPaths);
    refusedPaths = Set.copyOf(refusedPaths);
    revokingPaths = Set.copyOf(revokingPaths);
    queryFlags = List.copyOf(queryFlags);
    allowStatuses = Set.copyOf(allowStatuses);
  }
}
