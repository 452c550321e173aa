package dev.postern.verdict;

import dev.postern.net.HeaderLines;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A request on its way to the upstream that may change who a credential is.
///
/// Used by one request, so not by two threads at once.
public final class OutpostEvent {
  private final Revocations revocations;
  private final long[] credentialTags;
  private final boolean onlySignsOut;
  private final Set<Long> sessionTags = new HashSet<>();

  /// @param credentialTags the tags of its credential; the array is sorted and kept
  /// @param onlySignsOut whether it can do nothing but end a session
  OutpostEvent(Revocations revocations, long[] credentialTags, boolean onlySignsOut) {
    this.revocations = revocations;
    this.onlySignsOut = onlySignsOut;
    Arrays.sort(credentialTags);
    this.credentialTags = credentialTags;
  }

  void addSession(long[] tags) {
    for (long tag : tags) {
      sessionTags.add(tag);
    }
  }

  /// Sorted; not to be changed.
  long[] credentialTags() {
    return credentialTags;
  }

  Set<Long> sessionTags() {
    return sessionTags;
  }

  /// Revokes once more, now that the upstream has acted. To be called before the first byte of the
  /// answer is relayed, and as well when there is no answer.
  ///
  /// @param answer header lines of the upstream's answer, or null when nobody knows what the
  ///   upstream has done: the connection failed, or its time was over
  public void settle(@Nullable HeaderLines answer) {
    if (answer == null) {
      revocations.outcomeUnseen(this);
    } else if (onlySignsOut) {
      answer.values("Location").forEach(this::addEnded);
    }
    revocations.revoke(this);
    if (onlySignsOut) {
      revocations.forget(this);
    }
  }

  private void addEnded(String location) {
    addSession(revocations.sessionEndedBy(location));
  }
}
