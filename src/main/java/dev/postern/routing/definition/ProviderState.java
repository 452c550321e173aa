package dev.postern.routing.definition;

import dev.postern.config.Problem;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The state of one source.
///
/// @param snapshot the last good load; [Snapshot#EMPTY] before the first
/// @param loadedAt when that was loaded, or null before the first
/// @param attempts number of attempts
/// @param failures number of failed attempts
/// @param failing whether the last attempt failed, so that the last good load is still in use
/// @param problems the problems of the last attempt; after a successful one only the skipped
///   entries
public record ProviderState(
    Provider provider,
    Snapshot snapshot,
    @Nullable Instant loadedAt,
    long attempts,
    long failures,
    boolean failing,
    List<Problem> problems) {
  public ProviderState {
    problems = List.copyOf(problems);
  }

  /// A source that has not been tried yet.
  public static ProviderState untried(Provider provider) {
    return new ProviderState(provider, Snapshot.EMPTY, null, 0, 0, false, List.of());
  }

  /// The state after a successful load.
  ///
  /// @param leftOut problems with single entries, which are not in the snapshot
  public ProviderState loaded(Snapshot fresh, Instant now, List<Problem> leftOut) {
    return new ProviderState(provider, fresh, now, attempts + 1, failures, false, leftOut);
  }

  /// The state after a failed load.
  public ProviderState failed(List<Problem> why) {
    return new ProviderState(provider, snapshot, loadedAt, attempts + 1, failures + 1, true, why);
  }
}
