package dev.postern.server;

import dev.postern.http.HeaderLines;
import dev.postern.routing.options.ChallengeAnswer;
import dev.postern.server.challenge.Challenges;
import dev.postern.upstream.wire.ResponseHead;
import dev.postern.verdict.Answer;
import dev.postern.verdict.CacheStatus;
import dev.postern.verdict.Preset;
import dev.postern.verdict.Question;
import dev.postern.verdict.Verdict;
import dev.postern.verdict.VerdictCache;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What follows from how a relayed check ends.
final class CheckOutcome implements Relay.Outcome {
  private static final byte[] NO_BODY = new byte[0];

  private final PathOutcome ended;
  private final Preset preset;
  private final VerdictCache cache;
  private final Question question;
  private final Responses responses;
  private final Supplier<ChallengeAnswer> challenges;

  /// @param ended what follows for any relayed request
  /// @param preset knows the statuses
  /// @param cache forgets what a refusal contradicts
  /// @param question what is asked
  /// @param responses makes the lines of a verdict
  /// @param challenges asked how a challenge is to be answered
  CheckOutcome(
      PathOutcome ended,
      Preset preset,
      VerdictCache cache,
      Question question,
      Responses responses,
      Supplier<ChallengeAnswer> challenges) {
    this.ended = ended;
    this.preset = preset;
    this.cache = cache;
    this.question = question;
    this.responses = responses;
    this.challenges = challenges;
  }

  @Override
  public void asked() {
    ended.asked();
  }

  @Override
  public void known(@Nullable ResponseHead head) {
    ended.known(head);
    if (head != null && !preset.allowStatuses().contains(head.status()) && head.status() < 500) {
      cache.refused(question);
    }
  }

  @Override
  public Relay.Next next(ResponseHead head) {
    HeaderLines lines = ended.passedOn(head);
    if (Verdict.Challenge.isStatus(head.status())) {
      Answer own = new Answer(head.status(), lines, NO_BODY);
      Answer presented = Challenges.present(own, challenges.get());
      if (presented != own) {
        return new Relay.Next.Replace(
            new Answer(
                presented.status(), verdict(presented.status(), presented.headers()), NO_BODY));
      }
    }
    return new Relay.Next.Pass(verdict(head.status(), lines));
  }

  private HeaderLines verdict(int status, HeaderLines lines) {
    return Responses.notStored(responses.ofVerdict(status, lines, CacheStatus.BYPASS));
  }

  @Override
  public boolean finishesAfterAbort() {
    return ended.finishesAfterAbort();
  }
}
