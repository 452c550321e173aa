package dev.postern.routing.options;

/// How a challenge of the upstream is answered. Whatever it is, it stays a refusal.
public sealed interface ChallengeAnswer {
  /// As the upstream gave it.
  ChallengeAnswer UNCHANGED = new Unchanged();

  /// As the upstream gave it.
  record Unchanged() implements ChallengeAnswer {}

  /// Refused without a redirect.
  ///
  /// @param status a status from 400 to 499
  record Refused(int status) implements ChallengeAnswer {}

  /// Redirected to where the upstream redirects to.
  ///
  /// @param status a redirect's status
  record Redirected(int status) implements ChallengeAnswer {}
}
