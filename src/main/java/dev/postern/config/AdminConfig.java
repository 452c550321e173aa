package dev.postern.config;

import org.jspecify.annotations.Nullable;

/// Access to the admin API.
///
/// @param token required in `Authorization: Bearer` if the entry point is not loopback
public record AdminConfig(@Nullable Secret token) {}
