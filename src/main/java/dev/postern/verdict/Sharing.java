package dev.postern.verdict;

import dev.postern.net.ForwardedRequest;
import dev.postern.routing.Application;
import dev.postern.routing.Application.Policy;
import dev.postern.verdict.Bindings.Group;
import dev.postern.verdict.EntryFactory.CheckStart;
import java.time.InstantSource;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Finds out which hosts of a catch-all may share a verdict, only from the upstream's own responses
/// (invariant 11).
final class Sharing {
  private final Bindings bindings;
  private final QuestionReader questions;
  private final LongSupplier ticker;
  private final InstantSource wallClock;

  Sharing(
      Bindings bindings, QuestionReader questions, LongSupplier ticker, InstantSource wallClock) {
    this.bindings = bindings;
    this.questions = questions;
    this.ticker = ticker;
    this.wallClock = wallClock;
  }

  /// Reads a forwarded request; its key covers all hosts of its group if the host is bound to one
  /// now.
  Question read(ForwardedRequest request, Application application) {
    Group group =
        application.policy().shared()
            ? bindings.of(application, request.host(), ticker.getAsLong(), wallClock.millis())
            : null;
    return questions.read(request, application, group);
  }

  /// The current key of a question: its host may have been bound or unbound since.
  @Nullable VerdictKey keyNow(Question question) {
    return question.application().policy().shared()
        ? read(question.request(), question.application()).key()
        : question.key();
  }

  /// Whether an allow comes from the application configured for the host, as far as that is known.
  static boolean isExpected(Policy policy, Identity identity) {
    TokenClaims token = identity.token();
    String audience = token == null ? null : token.audience();
    return (policy.slug().isEmpty() || policy.slug().equals(identity.application()))
        && (policy.audience().isEmpty() || audience == null || policy.audience().equals(audience));
  }

  /// The group that an allow would bind its host to: the upstream names the application, and the
  /// token has one audience and belongs to this user.
  ///
  /// @return the group, or null if the allow binds nothing
  static @Nullable Group group(Question question, Identity identity) {
    TokenClaims token = identity.token();
    if (!question.application().policy().shared()
        || identity.application().isEmpty()
        || token == null
        || token.audience() == null
        || !identity.uid().equals(token.sub())) {
      return null;
    }
    return new Group(identity.application(), token.audience());
  }

  /// Whether an allow matches the group that its question was keyed by.
  ///
  /// @param answered the group that the allow names, or null
  static boolean agrees(Question question, @Nullable Group answered) {
    return question.group() == null || question.group().equals(answered);
  }

  /// Records an allow that does not match, or that comes from an unexpected application: the host
  /// is then unbound.
  void contradicted(Question question, @Nullable Group answered, CheckStart beginning) {
    boolean _ = bind(question, answered == null ? Group.NONE : answered, beginning);
  }

  /// The key to store an allow under.
  VerdictKey target(Question question, VerdictKey key, @Nullable Group group) {
    return group == null ? key : questions.sharedKey(question, group);
  }

  /// Binds a host after its allow was stored.
  ///
  /// @return false if the upstream has named another application for the same host
  boolean bind(Question question, Group group, CheckStart beginning) {
    return bindings.bind(
        question.application(),
        question.request().host(),
        group,
        beginning.nanos(),
        beginning.millis());
  }
}
