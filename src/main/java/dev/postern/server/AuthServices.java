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

/// What the auth entry points have in common.
///
/// @param preset what is particular to the upstream
/// @param routes the present route table
/// @param cache the verdicts
/// @param upstream what relayed requests work with
/// @param loginLimit how often one client may be sent to the login
/// @param clients whom a request is counted for
/// @param loops recognises requests that Postern has sent itself
/// @param cacheStatusToClients whether `X-Postern-Cache` is also on what Traefik hands on
/// @param printing prints the metrics page off the event loops
/// @param ticker monotonic nanoseconds, the cache's own
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
  /// What relayed requests work with.
  ///
  /// @param client sends requests to the upstream
  /// @param config how many requests there may be at once, and for how long
  /// @param budget bytes that requests on their way may hold
  public record Upstream(UpstreamClient client, UpstreamConfig config, InFlightBudget budget) {}
}
