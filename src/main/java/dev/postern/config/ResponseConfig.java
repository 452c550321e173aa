package dev.postern.config;

/// Which Postern headers responses carry.
///
/// @param cacheStatusToClients whether `X-Postern-Cache` is also on responses that Traefik passes
///   on to clients, which is every response except an allow
public record ResponseConfig(boolean cacheStatusToClients) {}
