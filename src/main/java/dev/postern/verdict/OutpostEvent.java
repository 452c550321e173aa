package dev.postern.verdict;

import dev.postern.net.HeaderLines;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A relayed request that may change the session of a credential.
///
/// Not thread-safe; used by one request.
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

  /// Sorted; must not be changed.
  long[] credentialTags() {
    return credentialTags;
  }

  Set<Long> sessionTags() {
    return sessionTags;
  }

  /// Revokes a second time, after the upstream has acted. Call this before the first byte of the
  /// response is relayed, and also when there is no response.
  ///
  /// @param response header lines of the upstream's response, or null if the outcome is unknown:
  ///   the connection failed or timed out
  public void settle(@Nullable HeaderLines response) {
    if (response == null) {
      revocations.outcomeUnknown(this);
    } else if (onlySignsOut) {
      response.values("Location").forEach(this::addEnded);
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
