package dev.postern.routing.definition;

import dev.postern.config.Problem;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How one source is doing.
///
/// @param provider the source
/// @param snapshot its last good load; [Snapshot#EMPTY] before the first
/// @param loadedAt when that was loaded, or null before the first
/// @param attempts how often it was tried
/// @param failures how many of these failed
/// @param failing whether the last attempt failed, so that the last good load still counts
/// @param problems what is wrong with the last attempt; after a good one only what was left out
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
  ///
  /// @param provider the source
  /// @return a state without a load
  public static ProviderState untried(Provider provider) {
    return new ProviderState(provider, Snapshot.EMPTY, null, 0, 0, false, List.of());
  }

  /// The state after a good load.
  ///
  /// @param fresh what the source knows now
  /// @param now the present time
  /// @param leftOut what was wrong with single parts, which are not in it
  /// @return the next state
  public ProviderState loaded(Snapshot fresh, Instant now, List<Problem> leftOut) {
    return new ProviderState(provider, fresh, now, attempts + 1, failures, false, leftOut);
  }

  /// The state after a load that failed.
  ///
  /// @param why what was wrong
  /// @return the next state
  public ProviderState failed(List<Problem> why) {
    return new ProviderState(provider, snapshot, loadedAt, attempts + 1, failures + 1, true, why);
  }
}
