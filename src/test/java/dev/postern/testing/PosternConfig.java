package dev.postern.testing;

import dev.postern.config.AccessLogConfig;
import dev.postern.config.AdminConfig;
import dev.postern.config.CacheConfig;
import dev.postern.config.DataSize;
import dev.postern.config.EffectiveSettings;
import dev.postern.config.EntryPointsConfig;
import dev.postern.config.EntryPointsConfig.AdminEntryPoint;
import dev.postern.config.EntryPointsConfig.AuthEntryPoint;
import dev.postern.config.EntryPointsConfig.AuthsEntryPoint;
import dev.postern.config.EntryPointsConfig.ForwardedHeaders;
import dev.postern.config.EntryPointsConfig.LifeCycle;
import dev.postern.config.EntryPointsConfig.Tls;
import dev.postern.config.FeedsConfig;
import dev.postern.config.FeedsConfig.Websocket;
import dev.postern.config.ListenAddress;
import dev.postern.config.LogConfig;
import dev.postern.config.LoginLimitConfig;
import dev.postern.config.LoginLimitConfig.IpStrategy;
import dev.postern.config.LoginLimitConfig.SourceCriterion;
import dev.postern.config.MetricsConfig;
import dev.postern.config.ProvidersConfig;
import dev.postern.config.ResponseConfig;
import dev.postern.config.Secret;
import dev.postern.config.StaticConfig;
import dev.postern.config.UpstreamConfig;
import dev.postern.config.tls.ClientTls;
import dev.postern.net.Endpoint;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A static configuration for tests: the documented defaults, free ports on loopback, and no login
/// limit, which would disturb tests of other features.
public final class PosternConfig {
  private final URI upstream;
  private final Path stateDirectory;
  private @Nullable Websocket websocket;
  private LoginLimitConfig loginLimit = loginLimit(0, 1);
  private boolean cacheStatusToClients;
  private @Nullable Secret token;
  private Duration timeout = Duration.ofSeconds(10);
  private int maxConcurrent = 256;
  private int maxQueued = 1024;
  private long maxInFlight = 64L << 20;
  private Duration anonymousPaths = Duration.ZERO;
  private ProvidersConfig providers = ProvidersConfig.NONE;
  private @Nullable AccessLogConfig accessLog;
  private MetricsConfig metrics = MetricsConfig.STANDARD;
  private List<String> trusted = List.of("127.0.0.0/8", "::1/128");
  private Tls tls = new Tls(null, null, List.of("localhost", "127.0.0.1"));

  private PosternConfig(URI upstream, Path stateDirectory) {
    this.upstream = upstream;
    this.stateDirectory = stateDirectory;
  }

  /// Starts from the defaults.
  ///
  /// @param upstream the upstream's URL
  /// @param stateDirectory an empty directory
  public static PosternConfig of(URI upstream, Path stateDirectory) {
    return new PosternConfig(upstream, stateDirectory);
  }

  /// Sets `cache.anonymousPaths`.
  ///
  /// @param life the life of an allow without identity
  public PosternConfig anonymousPaths(Duration life) {
    anonymousPaths = life;
    return this;
  }

  /// Sets `cache.loginLimit` with its default criterion and period.
  ///
  /// @param average `average`, 0 for no limit
  public PosternConfig limitLogins(int average, int burst) {
    loginLimit = loginLimit(average, burst);
    return this;
  }

  /// The record of `cache.loginLimit` with its default criterion and period.
  public static LoginLimitConfig loginLimit(int average, int burst) {
    return new LoginLimitConfig(
        average,
        burst,
        Duration.ofSeconds(1),
        new SourceCriterion(new IpStrategy(1, List.of(), 64), null, false));
  }

  /// Sets the limits of checks at the upstream.
  ///
  /// @param concurrent `upstream.maxConcurrent`
  /// @param queued `upstream.maxQueued`
  public PosternConfig capacity(int concurrent, int queued) {
    maxConcurrent = concurrent;
    maxQueued = queued;
    return this;
  }

  /// Sets `upstream.maxInFlightSize`.
  ///
  /// @param bytes maximum memory of requests in flight
  public PosternConfig maxInFlight(long bytes) {
    maxInFlight = bytes;
    return this;
  }

  /// Sets `forwardedHeaders.trustedIPs` of the entry points `auth` and `auths`.
  ///
  /// @param ranges the trusted peers, instead of all loopback addresses
  public PosternConfig trust(String... ranges) {
    trusted = List.of(ranges);
    return this;
  }

  /// Sets `upstream.timeout`.
  ///
  /// @param bound the timeout per call
  public PosternConfig timeout(Duration bound) {
    timeout = bound;
    return this;
  }

  /// Sets `response.cacheStatusToClients`.
  public PosternConfig cacheStatusToClients() {
    cacheStatusToClients = true;
    return this;
  }

  /// Sets `admin.token`.
  ///
  /// @param text the token
  public PosternConfig token(String text) {
    token = new Secret(text);
    return this;
  }

  /// Sets `feeds.websocket`.
  public PosternConfig websocket(Websocket feed) {
    websocket = feed;
    return this;
  }

  /// Sets `accessLog`.
  ///
  /// @param log the access log
  public PosternConfig accessLog(AccessLogConfig log) {
    accessLog = log;
    return this;
  }

  /// Sets `metrics`.
  public PosternConfig metrics(MetricsConfig config) {
    metrics = config;
    return this;
  }

  /// Sets the certificate of the entry point `auths`.
  ///
  /// @param certFile PEM file with the certificate
  /// @param keyFile PEM file with its key
  public PosternConfig certificate(@Nullable Path certFile, @Nullable Path keyFile) {
    tls = new Tls(certFile, keyFile, List.of());
    return this;
  }

  /// Sets `providers.file.directory`.
  ///
  /// @param directory the rules directory
  public PosternConfig rules(Path directory) {
    providers =
        new ProvidersConfig(
            new ProvidersConfig.FileProvider(
                directory,
                ProvidersConfig.PathKind.DIRECTORY,
                true,
                ProvidersConfig.DefaultRuleSyntax.V3),
            null,
            null);
    return this;
  }

  /// {@return the configuration}
  public StaticConfig build() {
    ListenAddress anyPort = new ListenAddress("127.0.0.1", 0);
    ForwardedHeaders loopback = new ForwardedHeaders(trusted);
    LifeCycle lifeCycle = new LifeCycle(Duration.ZERO, Duration.ofSeconds(5));
    return new StaticConfig(
        new EntryPointsConfig(
            new AuthEntryPoint(anyPort, loopback, lifeCycle),
            new AuthsEntryPoint(anyPort, loopback, lifeCycle, tls),
            new AdminEntryPoint(anyPort)),
        new UpstreamConfig(
            Endpoint.of(upstream.toString()),
            UpstreamConfig.PresetName.AUTHENTIK,
            timeout,
            maxConcurrent,
            maxQueued,
            new DataSize(maxInFlight),
            ClientTls.STANDARD),
        new CacheConfig(
            Duration.ofSeconds(60),
            Duration.ofSeconds(10),
            Duration.ofSeconds(5),
            0.8,
            Duration.ZERO,
            new DataSize(64L << 20),
            anonymousPaths),
        loginLimit,
        new ResponseConfig(cacheStatusToClients),
        providers,
        new FeedsConfig(websocket),
        new AdminConfig(token),
        stateDirectory,
        new LogConfig(LogConfig.Level.INFO, LogConfig.Format.COMMON, null, true),
        accessLog,
        metrics,
        EffectiveSettings.NONE);
  }
}
