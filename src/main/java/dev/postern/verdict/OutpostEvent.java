package dev.postern.verdict;

import dev.postern.http.HeaderLine;
import dev.postern.http.HeaderLines;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A request on its way to the upstream that may change who a credential is.
///
/// Used by one request, so not by two threads at once.
public final class OutpostEvent {
  private static final String TOKEN_HINT = "id_token_hint=";

  private final Revocations revocations;
  private final Set<Long> credentialTags;
  private final Set<Long> sessionTags = new HashSet<>();

  OutpostEvent(Revocations revocations, long[] credentialTags) {
    this.revocations = revocations;
    this.credentialTags = Arrays.stream(credentialTags).boxed().collect(Collectors.toSet());
  }

  void addSession(long[] tags) {
    for (long tag : tags) {
      sessionTags.add(tag);
    }
  }

  Set<Long> credentialTags() {
    return credentialTags;
  }

  Set<Long> sessionTags() {
    return sessionTags;
  }

  /// Revokes once more, now that the upstream has acted. To be called before the first byte of the
  /// answer is relayed, and as well when there is no answer.
  ///
  /// @param answer header lines of the upstream's answer, or null when it failed or nobody waits
  ///   for it any more
  public void settle(@Nullable HeaderLines answer) {
    if (answer == null) {
      revocations.outcomeUnseen(this);
    } else {
      for (HeaderLine line : answer.lines()) {
        if (line.is("Location")) {
          addHintOf(line.value());
        }
      }
    }
    revocations.revoke(this);
  }

  /// The redirect of a sign-out carries the session's token (authentik-contract 1.4).
  private void addHintOf(String location) {
    int at = location.indexOf(TOKEN_HINT);
    if (at < 0) {
      return;
    }
    int start = at + TOKEN_HINT.length();
    int end = location.indexOf('&', start);
    String hint = end < 0 ? location.substring(start) : location.substring(start, end);
    try {
      addSession(revocations.sessionOf(URLDecoder.decode(hint, StandardCharsets.US_ASCII)));
    } catch (IllegalArgumentException notEncoded) {
      addSession(revocations.sessionOf(hint));
    }
  }
}
