package dev.postern.server;

import dev.postern.config.UpstreamConfig;
import dev.postern.net.LoopGuard;
import dev.postern.routing.RouteTable;
import dev.postern.server.limit.Clients;
import dev.postern.server.limit.LoginLimit;
import dev.postern.upstream.UpstreamClient;
import dev.postern.verdict.InFlightBudget;
import dev.postern.verdict.Preset;
import dev.postern.verdict.VerdictCache;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// What all auth entry points share.
///
/// @param preset describes the upstream
/// @param routes the current route table
/// @param cache the verdict cache
/// @param upstream the client for relayed requests, with its limits
/// @param loginLimit limits how often one client is sent to the login
/// @param clients finds the client that a request is counted for
/// @param loops detects requests that Postern has sent itself
/// @param cacheStatusToClients whether `X-Postern-Cache` is also on responses that Traefik passes
///   to clients
/// @param printing prints the metrics page outside the event loops
/// @param ticker monotonic nanoseconds, the same as the cache's
public record AuthServices(
    Preset preset,
    Supplier<RouteTable> routes,
    VerdictCache cache,
    Upstream upstream,
    LoginLimit loginLimit,
    Clients clients,
    LoopGuard loops,
    boolean cacheStatusToClients,
    Executor printing,
    LongSupplier ticker) {
  /// The client for relayed requests, with its limits.
  ///
  /// @param config limits on the number and duration of requests
  /// @param budget limits the bytes of requests in flight
  public record Upstream(UpstreamClient client, UpstreamConfig config, InFlightBudget budget) {}
}
