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

/// A forward-auth request that memory does not answer.
///
/// @param exchange the request
/// @param report where findings are noted
/// @param question what it asks
/// @param account the client's account
/// @param table the route table that was read for it
/// @param routed the request as rules see it
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
        // The upstream may have begun a session all the same: that its client leaves no room for
        // the answer must not be a way around the limit.
        account.aborted();
      } else {
        account.answered(verdict.response().status());
      }
    }
    responses.decided(exchange, report, decision, this::challenge);
  }

  /// There will be no response of the upstream.
  void ended() {
    if (exchange.isOver()) {
      account.aborted();
    }
  }

  /// How a challenge is to be presented. The end of a login and a logout are the outpost's own and
  /// stay as they are.
  ChallengeResponse challenge() {
    return question.flagged() ? ChallengeResponse.UNCHANGED : table.challenge(routed);
  }
}
