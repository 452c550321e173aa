package dev.postern.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// The static configuration: everything that is read once, at start.
///
/// @param entryPoints where Postern listens
/// @param upstream the identity provider that is asked
/// @param cache how long and how much is remembered
/// @param loginLimit how many logins one client may begin (`cache.loginLimit`)
/// @param response what responses say of Postern
/// @param providers where routers and applications are read from
/// @param feeds who tells of revocations
/// @param admin access to the admin entry point
/// @param stateDirectory where the self-made certificate and its key are kept
/// @param log the program's own log
/// @param accessLog the log of requests, or null when there is none
/// @param metrics what is measured and shown
/// @param effective each key that was read and its value, to show and to compare
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
