package dev.postern.verdict;

import dev.postern.net.HeaderLines;
import dev.postern.verdict.Verdict.Fault;
import dev.postern.verdict.Verdict.Unavailable;
import dev.postern.verdict.VerdictRecorder.Begun;
import dev.postern.verdict.VerdictSource.Deadline;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A check with a body, which somebody relays to the upstream as a stream. Its allow is never
/// remembered, but it is compared with revocations as every other is, and a refusal ends what is
/// remembered of its key. One whose query has a flag is an outpost event.
///
/// Exactly one of [#answered] and [#failed] has to be called, once, before the first byte of the
/// answer is relayed: until then the check counts as in flight. For use by one thread at a time.
public final class RelayedCheck {
  private static final byte[] NO_BODY = new byte[0];

  private final Question question;
  private final Preset preset;
  private final AnswerReader answers;
  private final VerdictRecorder settlement;
  private final Checks checks;
  private final @Nullable OutpostEvent event;
  private final Begun begun;

  RelayedCheck(
      Question question,
      Preset preset,
      AnswerReader answers,
      VerdictRecorder settlement,
      Revocations revocations,
      Lookup lookup,
      Checks checks) {
    this.question = question;
    this.preset = preset;
    this.answers = answers;
    this.settlement = settlement;
    this.checks = checks;
    event = question.flagged() ? revocations.arrived(question) : null;
    begun = new Begun(lookup.begin(), settlement.takeOff(question));
  }

  /// What is to become of the upstream's answer.
  public sealed interface Next {
    /// It is relayed as it is.
    record Pass() implements Next {}

    /// It is not believed. The request can be asked again without its body: see [#askAgain].
    record AskAgain() implements Next {}

    /// It is not believed, and the body cannot be sent twice.
    ///
    /// @param verdict what to answer in its place
    record Refuse(Unavailable verdict) implements Next {}
  }

  /// Decides about the answer by its head.
  ///
  /// @param status its status
  /// @param headers its header lines
  /// @return what to do with it
  public Next answered(int status, HeaderLines headers) {
    Verdict verdict =
        answers.read(
            new UpstreamResponse(status, headers, NO_BODY), !question.credential().isEmpty());
    // Before the event's own second revocation, which would find this check in flight.
    boolean overtaken = settlement.isOvertaken(question, begun, verdict);
    end(verdict instanceof Unavailable ? null : headers);
    if (!overtaken) {
      settlement.settleUnremembered(question, verdict, begun.beginning());
      return new Next.Pass();
    }
    return preset.bodyInVerdict()
        ? new Next.Refuse(Unavailable.because(Fault.OVERTAKEN))
        : new Next.AskAgain();
  }

  /// There will be no answer, or nobody knows what the upstream has made of the request.
  public void failed() {
    end(null);
  }

  private void end(@Nullable HeaderLines headers) {
    settlement.land(begun.flight());
    if (event != null) {
      event.settle(headers);
    }
  }

  /// Asks once more, without the body. To be called after [#answered] has said so, while the
  /// request still has its connection.
  ///
  /// @param client whom it is asked for
  /// @param deadline when nobody waits any longer
  /// @param done receives the decision, exactly once, on any thread; an answer that was overtaken
  ///   again is 503
  public void askAgain(String client, Deadline deadline, Consumer<Decision> done) {
    checks.checkAgain(question.withoutBody(), client, deadline, done);
  }
}
