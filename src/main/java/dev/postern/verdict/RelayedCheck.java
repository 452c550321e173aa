package dev.postern.verdict;

import dev.postern.net.HeaderLines;
import dev.postern.verdict.Verdict.Fault;
import dev.postern.verdict.Verdict.Unavailable;
import dev.postern.verdict.VerdictRecorder.Begun;
import dev.postern.verdict.VerdictSource.Deadline;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A check with a body, which the caller streams to the upstream. Its allow is never stored, but it
/// is compared with revocations like any other, and a refusal removes the entry of its key. If its
/// query has a flag it is an outpost event.
///
/// The caller must call exactly one of [#answered] and [#failed], once, before the first byte of
/// the response is relayed: until then the check counts as in flight. Not thread-safe.
public final class RelayedCheck {
  private static final byte[] NO_BODY = new byte[0];

  private final Question question;
  private final Preset preset;
  private final VerdictReader answers;
  private final VerdictRecorder recorder;
  private final Checks checks;
  private final @Nullable OutpostEvent event;
  private final Begun begun;

  RelayedCheck(
      Question question,
      Preset preset,
      VerdictReader answers,
      VerdictRecorder recorder,
      Revocations revocations,
      Lookup lookup,
      Checks checks) {
    this.question = question;
    this.preset = preset;
    this.answers = answers;
    this.recorder = recorder;
    this.checks = checks;
    event = question.flagged() ? revocations.arrived(question) : null;
    begun = new Begun(lookup.begin(), recorder.begin(question));
  }

  /// What to do with the upstream's response.
  public sealed interface Next {
    /// Relay it as it is.
    record Pass() implements Next {}

    /// Discard it: a revocation overtook it. Repeat the request without its body: see [#askAgain].
    record AskAgain() implements Next {}

    /// Discard it, because a revocation overtook it and the body cannot be sent twice.
    ///
    /// @param verdict what to answer instead
    record Refuse(Unavailable verdict) implements Next {}
  }

  /// Decides by the head of the response.
  public Next answered(int status, HeaderLines headers) {
    Verdict verdict =
        answers.read(
            new UpstreamResponse(status, headers, NO_BODY), !question.credential().isEmpty());
    // Before the event revokes for the second time: that would mark this check as well.
    boolean overtaken = recorder.isOvertaken(question, begun, verdict);
    end(verdict instanceof Unavailable ? null : headers);
    if (!overtaken) {
      recorder.settleUnstored(question, verdict, begun.beginning());
      return new Next.Pass();
    }
    return preset.bodyInVerdict()
        ? new Next.Refuse(Unavailable.because(Fault.OVERTAKEN))
        : new Next.AskAgain();
  }

  /// There is no response, or the outcome is unknown.
  public void failed() {
    end(null);
  }

  private void end(@Nullable HeaderLines headers) {
    recorder.end(begun.flight());
    if (event != null) {
      event.settle(headers);
    }
  }

  /// Repeats the check without the body. Call this after [#answered] returned [Next.AskAgain],
  /// while the request still has its connection.
  ///
  /// @param client the client address, for fair limits
  /// @param deadline when the client stops waiting
  /// @param done receives the decision, exactly once, on any thread; 503 if a revocation overtakes
  ///   the check again
  public void askAgain(String client, Deadline deadline, Consumer<Decision> done) {
    checks.repeat(question.withoutBody(), client, deadline, done);
  }
}
