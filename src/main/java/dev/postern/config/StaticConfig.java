package dev.postern.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The static configuration, which is read once at start.
///
/// @param loginLimit limits the logins that one client may start (`cache.loginLimit`)
/// @param stateDirectory directory of the self-signed certificate and its key
/// @param accessLog the access log, or null when it is disabled
/// @param effective the value of each key that was read, for display and comparison
public record StaticConfig(
    EntryPointsConfig entryPoints,
    UpstreamConfig upstream,
    CacheConfig cache,
    LoginLimitConfig loginLimit,
    ResponseConfig response,
    ProvidersConfig providers,
    FeedsConfig feeds,
    AdminConfig admin,
    Path stateDirectory,
    LogConfig log,
    @Nullable AccessLogConfig accessLog,
    MetricsConfig metrics,
    EffectiveSettings effective) {}
