package dev.postern.server;

import dev.postern.net.HeaderLines;
import dev.postern.net.HopByHop;
import dev.postern.server.limit.LoginLimit;
import dev.postern.server.observe.Report;
import dev.postern.upstream.wire.ResponseHead;
import dev.postern.verdict.OutpostEvent;
import org.jspecify.annotations.Nullable;

/// Applies the end of a relayed request to its client's account, its event and its report.
final class PathOutcome implements Relay.Outcome {
  private final Exchange exchange;
  private final Report report;
  private final LoginLimit.Account account;
  private final @Nullable OutpostEvent event;
  private final boolean mayBeStored;

  /// @param account the client's account for the login limit
  /// @param event the change of a session that the request may cause, or null
  /// @param mayBeStored whether a response without `Cache-Control` is relayed without adding
  ///   `no-store`
  PathOutcome(
      Exchange exchange,
      Report report,
      LoginLimit.Account account,
      @Nullable OutpostEvent event,
      boolean mayBeStored) {
    this.exchange = exchange;
    this.report = report;
    this.account = account;
    this.event = event;
    this.mayBeStored = mayBeStored;
  }

  @Override
  public void sending() {
    report.sending();
  }

  @Override
  public void known(@Nullable ResponseHead head) {
    if (head != null) {
      account.answered(head.status());
    } else if (exchange.isOver()) {
      account.aborted();
    }
    if (event != null) {
      event.settle(head == null ? null : head.headers());
    }
  }

  @Override
  public Relay.Next next(ResponseHead head) {
    HeaderLines lines = HopByHop.removeFromResponse(head.headers());
    report.answered(head.status(), lines);
    return new Relay.Next.Pass(mayBeStored ? lines : Responses.notStored(lines));
  }

  @Override
  public boolean finishesAfterAbort() {
    return event != null;
  }
}
