package dev.postern.verdict;

import dev.postern.http.ForwardedRequest;
import dev.postern.routing.Application;
import org.jspecify.annotations.Nullable;

/// One forwarded request as the verdict cache sees it.
///
/// @param request the request
/// @param application the application that decides it
/// @param credential the request's credential
/// @param key what its verdict is remembered under, or null when it is not for the cache
/// @param flagged whether its query makes the upstream do more than check
public record Question(
    ForwardedRequest request,
    Application application,
    Credential credential,
    @Nullable VerdictKey key,
    boolean flagged) {

  /// The same question, remembered under a key.
  Question under(@Nullable VerdictKey other) {
    return new Question(request, application, credential, other, flagged);
  }

  /// The same question with a copy of everything that belongs to the connection.
  Question frozen() {
    return new Question(request.frozen(), application, credential, key, flagged);
  }
}
