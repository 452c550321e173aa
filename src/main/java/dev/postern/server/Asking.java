package dev.postern.server;

import dev.postern.routing.RouteTable;
import dev.postern.routing.RoutedRequest;
import dev.postern.routing.pluginoptions.ChallengeResponse;
import dev.postern.server.limit.LoginLimit;
import dev.postern.server.observe.Report;
import dev.postern.verdict.Decision;
import dev.postern.verdict.Question;
import dev.postern.verdict.Verdict.Fault;
import dev.postern.verdict.Verdict.Unavailable;

/// A forward-auth request that needs a check, because no cache entry answers it.
///
/// @param report collects what the access log and the metrics show
/// @param question the parts of the request that the verdict depends on
/// @param account the client's account for the login limit
/// @param table the route table at the request's arrival
/// @param routed the forwarded request in the form that rules match
record Asking(
    Exchange exchange,
    Report report,
    Question question,
    LoginLimit.Account account,
    RouteTable table,
    RoutedRequest routed) {

  /// Responds with a decision.
  void decided(Responses responses, Decision decision) {
    if (decision instanceof Decision.Relayed(var verdict, _)) {
      if (verdict instanceof Unavailable(_, var fault) && fault == Fault.CLIENT_SHARE) {
        // The upstream may have started a session although the client has gone. Count it: otherwise
        // a client could avoid the login limit by closing its requests early.
        account.aborted();
      } else {
        account.answered(verdict.response().status());
      }
    }
    responses.decided(exchange, report, decision, this::challenge);
  }

  /// Called where the upstream sends no response.
  void ended() {
    if (exchange.isOver()) {
      account.aborted();
    }
  }

  /// How to present a challenge. The responses of callback and sign-out are never changed.
  ChallengeResponse challenge() {
    return question.flagged() ? ChallengeResponse.UNCHANGED : table.challenge(routed);
  }
}
