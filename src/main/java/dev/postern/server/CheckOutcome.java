package dev.postern.server;

import dev.postern.net.HeaderLines;
import dev.postern.net.HopByHop;
import dev.postern.routing.pluginoptions.ChallengeResponse;
import dev.postern.upstream.wire.ResponseHead;
import dev.postern.verdict.CacheStatus;
import dev.postern.verdict.RelayedCheck;
import dev.postern.verdict.UpstreamResponse;
import dev.postern.verdict.Verdict;
import dev.postern.verdict.VerdictSource.Deadline;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Turns the end of a relayed check into the response, the cache update and the report.
final class CheckOutcome implements Relay.Outcome {
  private static final byte[] NO_BODY = new byte[0];

  private final Asking asking;
  private final RelayedCheck check;
  private final Responses responses;
  private final String client;
  private final LongSupplier ticker;
  private RelayedCheck.Next next = new RelayedCheck.Next.Pass();

  /// @param check the cache's handle of this check
  /// @param client the client that the check is counted for
  /// @param ticker monotonic nanoseconds
  CheckOutcome(
      Asking asking, RelayedCheck check, Responses responses, String client, LongSupplier ticker) {
    this.asking = asking;
    this.check = check;
    this.responses = responses;
    this.client = client;
    this.ticker = ticker;
  }

  @Override
  public void sending() {
    asking.report().sending();
  }

  @Override
  public void known(@Nullable ResponseHead head) {
    if (head == null) {
      asking.ended();
      check.failed();
    } else {
      asking.account().answered(head.status());
      next = check.answered(head.status(), head.headers());
    }
  }

  @Override
  public Relay.Next next(ResponseHead head) {
    HeaderLines lines = HopByHop.removeFromResponse(head.headers());
    asking.report().answered(head.status(), lines);
    return switch (next) {
      case RelayedCheck.Next.Pass() -> passed(head.status(), lines);
      case RelayedCheck.Next.AskAgain() -> new Relay.Next.HandOver(this::askAgain);
      case RelayedCheck.Next.Refuse(Verdict.Unavailable verdict) ->
          new Relay.Next.Replace(verdict.response());
    };
  }

  private Relay.Next passed(int status, HeaderLines lines) {
    if (Verdict.Challenge.isStatus(status)) {
      UpstreamResponse own = new UpstreamResponse(status, lines, NO_BODY);
      ChallengeResponse wanted = asking.challenge();
      UpstreamResponse presented = Challenges.present(own, wanted);
      if (presented != own) {
        return new Relay.Next.Replace(
            new UpstreamResponse(
                presented.status(), verdict(presented.status(), presented.headers()), NO_BODY));
      }
    }
    return new Relay.Next.Pass(verdict(status, lines));
  }

  private HeaderLines verdict(int status, HeaderLines lines) {
    return Responses.notStored(responses.ofVerdict(status, lines, CacheStatus.BYPASS));
  }

  /// A revocation has overtaken the check, and its body cannot be sent again.
  private void askAgain() {
    ResponseDeadline pending = ResponseDeadline.begin(asking.exchange());
    check.askAgain(
        client,
        Deadline.at(ticker.getAsLong() + ForwardAuthHandler.DEADLINE.toNanos()),
        decision -> pending.decided(() -> asking.decided(responses, decision)));
  }

  @Override
  public boolean finishesAfterAbort() {
    return asking.question().flagged();
  }
}
