package dev.postern.routing.pluginoptions;

/// How a challenge of the upstream is answered. Whatever it is, it stays a refusal.
public sealed interface ChallengeResponse {
  /// As the upstream gave it.
  ChallengeResponse UNCHANGED = new Unchanged();

  /// As the upstream gave it.
  record Unchanged() implements ChallengeResponse {}

  /// Refused without a redirect.
  ///
  /// @param status a status from 400 to 499
  record Refused(int status) implements ChallengeResponse {}

  /// Redirected to where the upstream redirects to.
  ///
  /// @param status a redirect's status
  record Redirected(int status) implements ChallengeResponse {}
}
