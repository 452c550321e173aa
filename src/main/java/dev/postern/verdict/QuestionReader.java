package dev.postern.verdict;

import dev.postern.net.ForwardedRequest;
import dev.postern.routing.Application;
import org.jspecify.annotations.Nullable;

/// Decides whether the cache handles a forwarded request, and makes its key.
final class QuestionReader {
  private final Preset preset;
  private final Tags tags;
  private final boolean storeAnonymous;

  /// @param storeAnonymous whether allows for requests without a credential are stored
  QuestionReader(Preset preset, Tags tags, boolean storeAnonymous) {
    this.preset = preset;
    this.tags = tags;
    this.storeAnonymous = storeAnonymous;
  }

  /// Reads a forwarded request.
  ///
  /// @param application the application that the host belongs to
  /// @param group the group that the host is bound to, or null
  Question read(ForwardedRequest request, Application application, Bindings.@Nullable Group group) {
    Credential credential = Credential.of(request.headers(), preset);
    boolean flagged = preset.isFlagged(request.uri()) || preset.isFlagged(request.subQuery());
    Question question = new Question(request, application, credential, null, flagged, null);
    if (!isSound(question)) {
      return question;
    }
    return credential.isEmpty()
        ? question.under(storeAnonymous ? anonymousKey(question) : null, null)
        : question.under(group == null ? hostKey(question) : sharedKey(question, group), group);
  }

  private static boolean isSound(Question question) {
    return question.request().form() == ForwardedRequest.Form.SOUND
        && !question.credential().isAmbiguous()
        && !question.flagged();
  }

  private VerdictKey hostKey(Question question) {
    KeyedDigest digest = tags.digest().begin(Tags.KEY);
    common(digest, question);
    digest.part(question.request().host());
    return withCredential(digest, question);
  }

  /// The key that all hosts of a group share.
  ///
  /// @param question a question with a credential
  /// @param group the upstream's name for the application
  VerdictKey sharedKey(Question question, Bindings.Group group) {
    KeyedDigest digest = tags.digest().begin(Tags.SHARED_KEY);
    common(digest, question);
    digest.part(Tags.bytes(group.slug())).part(Tags.bytes(group.audience()));
    return withCredential(digest, question);
  }

  private VerdictKey withCredential(KeyedDigest digest, Question question) {
    if (preset.methodInKey()) {
      digest.part(question.request().subMethod());
    }
    question.credential().addTo(digest);
    return digest.key();
  }

  /// An open path is keyed by exact method, scheme, host and URI.
  private VerdictKey anonymousKey(Question question) {
    ForwardedRequest request = question.request();
    KeyedDigest digest = tags.digest().begin(Tags.ANONYMOUS_KEY);
    common(digest, question);
    return digest
        .part(request.subMethod())
        .part(request.method())
        .part(request.proto())
        .part(request.host())
        .part(request.uri())
        .key();
  }

  /// The generation is part of the key, so that a late response to a question of an older route
  /// table is never found by a current one.
  private static void common(KeyedDigest digest, Question question) {
    Application application = question.application();
    digest.number((int) (application.generation() >>> 32)).number((int) application.generation());
    if (application.configured()) {
      digest.number(1).part(Tags.bytes(application.name()));
    } else {
      digest.number(0);
    }
    digest.part(question.request().subPath()).part(question.request().subQuery());
  }
}
