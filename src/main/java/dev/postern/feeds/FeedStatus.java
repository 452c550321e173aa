package dev.postern.feeds;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A feed as the admin API shows it.
///
/// @param state `connecting`, `connected` or `lost`
/// @param since when it entered this state
/// @param lastEvent when the last message arrived, or null if there was none
/// @param reconnects attempts to connect after the first
/// @param lastError why it is not connected and the fix; null while it is connected, and before the
///   first attempt has failed
public record FeedStatus(
    String name,
    String state,
    Instant since,
    @Nullable Instant lastEvent,
    long reconnects,
    @Nullable String lastError) {}
