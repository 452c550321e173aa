package dev.postern.config;

import java.time.Duration;

/// How long and how much is remembered.
///
/// @param ttl upper bound of an entry's life
/// @param ttlWithoutSession the bound for identities without `exp` or `sid`
/// @param skew allowance for clocks that differ
/// @param refreshAhead share of an entry's life after which a hit renews it in the background; 1
///   turns that off
/// @param staleIfError how long past its life an entry may answer while the upstream is unavailable
/// @param maxSize bound of all entries together
/// @param anonymousPaths life of an allow given to a request without any credential; zero stores
///   none
public record CacheConfig(
    Duration ttl,
    Duration ttlWithoutSession,
    Duration skew,
    double refreshAhead,
    Duration staleIfError,
    DataSize maxSize,
    Duration anonymousPaths) {}
