package dev.postern.verdict;

import dev.postern.net.ForwardedRequest;
import dev.postern.routing.Application;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// One forwarded request as the verdict cache sees it.
///
/// @param request the request
/// @param application the application that decides it
/// @param credential the request's credential
/// @param key what its verdict is remembered under, or null when it is not for the cache; a
///   question whose application allows no life has one, too, because its refusal ends what others
///   find by it
/// @param flagged whether its query makes the upstream do more than check
/// @param group what the host was bound to when the key was made, so that the key is shared; null
///   when the key is the host's own
public record Question(
    ForwardedRequest request,
    Application application,
    Credential credential,
    @Nullable VerdictKey key,
    boolean flagged,
    Bindings.@Nullable Group group) {

  /// Whether the request carries a credential.
  ///
  /// @return false when nothing in it could change the verdict
  public boolean hasCredential() {
    return !credential.isEmpty();
  }

  /// Whether memory may answer it, or its answer be remembered or shared.
  ///
  /// @return false when it has no key, or its application allows no life
  boolean mayBeRemembered() {
    Duration ttl = application.policy().ttl();
    return key != null && (ttl == null || ttl.isPositive());
  }

  /// The same question, remembered under a key.
  Question under(@Nullable VerdictKey other, Bindings.@Nullable Group shared) {
    return new Question(request, application, credential, other, flagged, shared);
  }

  /// The same question about a request that has no body.
  Question withoutBody() {
    return new Question(request.withoutBody(), application, credential, key, flagged, group);
  }

  /// The same question with a copy of everything that belongs to the connection.
  Question frozen() {
    return new Question(request.frozen(), application, credential, key, flagged, group);
  }
}
