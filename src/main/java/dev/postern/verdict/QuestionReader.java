package dev.postern.verdict;

import dev.postern.http.ForwardedRequest;
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
  /// @return the question to ask
  Question read(ForwardedRequest request, Application application) {
    Credential credential = Credential.of(request.headers(), preset);
    boolean flagged = preset.isFlagged(request.uri()) || preset.isFlagged(request.subQuery());
    VerdictKey key = null;
    if (request.form() == ForwardedRequest.Form.SOUND && !credential.isAmbiguous() && !flagged) {
      key = key(request, application, credential);
    }
    return new Question(request, application, credential, key, flagged);
  }

  private @Nullable VerdictKey key(
      ForwardedRequest request, Application application, Credential credential) {
    if (credential.isEmpty()) {
      return rememberAnonymous ? anonymousKey(request, application) : null;
    }
    KeyedDigest digest = tags.digest().begin(Tags.KEY);
    common(digest, request, application);
    if (preset.methodInKey()) {
      digest.part(request.subMethod());
    }
    credential.addTo(digest);
    return digest.key();
  }

  /// An open path is one URL, asked for in one way.
  private VerdictKey anonymousKey(ForwardedRequest request, Application application) {
    KeyedDigest digest = tags.digest().begin(Tags.ANONYMOUS_KEY);
    common(digest, request, application);
    return digest
        .part(request.subMethod())
        .part(request.method())
        .part(request.proto())
        .part(request.host())
        .part(request.uri())
        .key();
  }

  private static void common(
      KeyedDigest digest, ForwardedRequest request, Application application) {
    digest.part(application.name()).part(request.subPath()).part(request.subQuery());
  }
}
