package dev.postern.config;

import java.time.Duration;

/// How long verdicts are stored, and how much memory they may use.
///
/// @param ttl maximum lifetime of an entry
/// @param ttlWithoutSession maximum lifetime for identities without `exp` or `sid`
/// @param skew tolerance for clock differences
/// @param refreshAhead fraction of an entry's lifetime after which a hit refreshes it in the
///   background; 1 disables that
/// @param staleIfError how long an expired entry may still be used while the upstream is
///   unavailable
/// @param maxSize maximum size of all entries together
/// @param anonymousPaths lifetime of an allow for a request without any credential; zero stores
///   none
public record CacheConfig(
    Duration ttl,
    Duration ttlWithoutSession,
    Duration skew,
    double refreshAhead,
    Duration staleIfError,
    DataSize maxSize,
    Duration anonymousPaths) {}
