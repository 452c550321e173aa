package dev.postern.verdict;

import dev.postern.net.ForwardedRequest;
import dev.postern.routing.Application;
import org.jspecify.annotations.Nullable;

/// Reads a forwarded request: whether it is for the cache, and what its verdict depends on.
final class QuestionReader {
  private final Preset preset;
  private final Tags tags;
  private final boolean rememberAnonymous;

  /// @param preset what is particular to the upstream
  /// @param tags makes the keys
  /// @param rememberAnonymous whether allows to requests without a credential are remembered
  QuestionReader(Preset preset, Tags tags, boolean rememberAnonymous) {
    this.preset = preset;
    this.tags = tags;
    this.rememberAnonymous = rememberAnonymous;
  }

  /// Reads a forwarded request.
  ///
  /// @param request the request
  /// @param application the application that decides it
  /// @param group the group that its host is bound to, or null
  /// @return the question to ask
  Question read(ForwardedRequest request, Application application, Bindings.@Nullable Group group) {
    Credential credential = Credential.of(request.headers(), preset);
    boolean flagged = preset.isFlagged(request.uri()) || preset.isFlagged(request.subQuery());
    Question question = new Question(request, application, credential, null, flagged, null);
    if (!isSound(question)) {
      return question;
    }
    return credential.isEmpty()
        ? question.under(rememberAnonymous ? anonymousKey(question) : null, null)
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

  /// The key under which all hosts of a group find a verdict.
  ///
  /// @param question a question with a credential
  /// @param group what the upstream calls the application
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

  /// An open path is one URL, asked for in one way.
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

  /// The generation is a part, so that an answer to a question of an older route table, however
  /// late it comes, is never found by one of the present.
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
