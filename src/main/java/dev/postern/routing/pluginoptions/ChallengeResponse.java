package dev.postern.routing.pluginoptions;

/// The response to a challenge of the upstream. None of the variants is an allow.
public sealed interface ChallengeResponse {
  /// The upstream's own response.
  ChallengeResponse UNCHANGED = new Unchanged();

  /// The upstream's own response.
  record Unchanged() implements ChallengeResponse {}

  /// A refusal without a redirect.
  ///
  /// @param status a status from 400 to 499
  record Refused(int status) implements ChallengeResponse {}

  /// A redirect to the upstream's `Location`.
  ///
  /// @param status a redirect status
  record Redirected(int status) implements ChallengeResponse {}
}
