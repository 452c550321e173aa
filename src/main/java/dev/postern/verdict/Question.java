package dev.postern.verdict;

import dev.postern.net.ForwardedRequest;
import dev.postern.routing.Application;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// A forwarded request, prepared for the verdict cache.
///
/// @param application the application that the host belongs to
/// @param key key in the cache, or null if the cache does not handle the request; present even if
///   the application's TTL is zero, because a refusal removes the entry that other questions find
///   by it
/// @param flagged whether its query makes the upstream do more than check
/// @param group the group that the host was bound to when the key was made, so the key is shared;
///   null if the key is the host's own
public record Question(
    ForwardedRequest request,
    Application application,
    Credential credential,
    @Nullable VerdictKey key,
    boolean flagged,
    Bindings.@Nullable Group group) {

  /// Whether the request carries a credential.
  public boolean hasCredential() {
    return !credential.isEmpty();
  }

  /// Whether the cache may answer it, or store and share its verdict.
  ///
  /// @return false if it has no key, or its application's TTL is zero
  boolean isCacheable() {
    Duration ttl = application.policy().ttl();
    return key != null && (ttl == null || ttl.isPositive());
  }

  /// Copies this question with another key.
  Question under(@Nullable VerdictKey other, Bindings.@Nullable Group shared) {
    return new Question(request, application, credential, other, flagged, shared);
  }

  /// Copies this question without the request's body.
  Question withoutBody() {
    return new Question(request.withoutBody(), application, credential, key, flagged, group);
  }

  /// Copies this question together with everything that belongs to the connection.
  Question frozen() {
    return new Question(request.frozen(), application, credential, key, flagged, group);
  }
}
