package dev.postern.config;

/// What responses say of Postern.
///
/// @param cacheStatusToClients whether `X-Postern-Cache` is also on the responses that Traefik
///   hands on to clients: everything but an allow
public record ResponseConfig(boolean cacheStatusToClients) {}
