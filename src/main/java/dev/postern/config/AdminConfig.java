package dev.postern.config;

import org.jspecify.annotations.Nullable;

/// Access to the admin API.
///
/// @param token what `Authorization: Bearer` must carry as soon as the entry point is not loopback
public record AdminConfig(@Nullable Secret token) {}
