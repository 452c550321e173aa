package dev.postern.config.load;

import dev.postern.config.AdminConfig;
import dev.postern.config.CacheConfig;
import dev.postern.config.EntryPointsConfig;
import dev.postern.config.EntryPointsConfig.AdminEntryPoint;
import dev.postern.config.EntryPointsConfig.AuthEntryPoint;
import dev.postern.config.EntryPointsConfig.AuthsEntryPoint;
import dev.postern.config.EntryPointsConfig.ClientAuth;
import dev.postern.config.EntryPointsConfig.ClientAuthType;
import dev.postern.config.EntryPointsConfig.ForwardedHeaders;
import dev.postern.config.EntryPointsConfig.LifeCycle;
import dev.postern.config.EntryPointsConfig.Tls;
import dev.postern.config.ListenAddress;
import dev.postern.config.LogConfig;
import dev.postern.config.ResponseConfig;
import dev.postern.config.StaticConfig;
import dev.postern.config.UpstreamConfig;
import dev.postern.config.key.GoDuration;
import dev.postern.config.key.Key;
import dev.postern.config.load.StaticKeys.EntryPointKeys;
import dev.postern.net.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Converts settings to the configuration records and checks the rules that concern more than one
/// key.
final class StaticConfigBinder {
  private final Settings settings;
  private final Map<String, String> environment;

  StaticConfigBinder(Settings settings, Map<String, String> environment) {
    this.settings = settings;
    this.environment = environment;
  }

  StaticConfig config() {
    EntryPointsConfig entryPoints = entryPoints();
    return new StaticConfig(
        entryPoints,
        upstream(),
        cache(),
        new LoginLimitBinder(settings).config(),
        new ResponseConfig(settings.get(StaticKeys.CACHE_STATUS_TO_CLIENTS)),
        new ProvidersBinder(settings).config(),
        new FeedsBinder(settings).config(),
        admin(),
        stateDirectory(),
        log(),
        new AccessLogBinder(settings).config(),
        new MetricsBinder(settings).config(entryPoints),
        settings.effective());
  }

  private EntryPointsConfig entryPoints() {
    boolean hasAuths = settings.isOn(StaticKeys.AUTHS.named());
    boolean hasAuth = isAuthOpen(hasAuths);
    if (!hasAuth && !hasAuths) {
      settings.problem(
          settings.where(StaticKeys.AUTH.named()),
          "is off, and so is entryPoints.auths: Traefik could not connect; open one of them");
    }
    var entryPoints =
        new EntryPointsConfig(
            hasAuth ? auth() : null,
            hasAuths ? auths() : null,
            new AdminEntryPoint(settings.get(StaticKeys.ADMIN_ADDRESS)));
    checkAddresses(hasAuth, hasAuths);
    return entryPoints;
  }

  /// If neither entry point is configured, the plain one is open.
  private boolean isAuthOpen(boolean hasAuths) {
    Key<Boolean> named = StaticKeys.AUTH.named();
    return settings.isOn(named) || (!hasAuths && settings.setting(named) == null);
  }

  private AuthEntryPoint auth() {
    EntryPointKeys keys = StaticKeys.AUTH;
    return new AuthEntryPoint(settings.get(keys.address()), trusted(keys), lifeCycle(keys));
  }

  private AuthsEntryPoint auths() {
    EntryPointKeys keys = StaticKeys.AUTHS;
    settings.find(StaticKeys.AUTHS_TLS);
    settings.together(StaticKeys.CERT_FILE, StaticKeys.KEY_FILE);
    List<String> domains = settings.list(StaticKeys.DOMAINS);
    Path certFile = settings.find(StaticKeys.CERT_FILE);
    if (certFile != null && !domains.isEmpty()) {
      settings.problem(
          settings.where(StaticKeys.DOMAINS),
          "applies only to the self-signed certificate, but certFile is set; remove one of the"
              + " two");
    }
    return new AuthsEntryPoint(
        settings.get(keys.address()),
        trusted(keys),
        lifeCycle(keys),
        new Tls(certFile, settings.find(StaticKeys.KEY_FILE), domains, clientAuth()));
  }

  private ClientAuth clientAuth() {
    List<Path> caFiles = settings.list(StaticKeys.CLIENT_CA_FILES).stream().map(Path::of).toList();
    ClientAuthType type = settings.get(StaticKeys.CLIENT_AUTH_TYPE);
    if (type.verifies() && caFiles.isEmpty()) {
      settings.problem(
          settings.where(StaticKeys.CLIENT_AUTH_TYPE),
          "verifies client certificates; set the CA certificates in clientAuth.caFiles");
    } else if (!type.verifies() && !caFiles.isEmpty()) {
      // Setting CAs without a type that verifies would suggest a protection that does not exist.
      settings.problem(
          settings.where(StaticKeys.CLIENT_CA_FILES),
          "has no effect with this clientAuthType; write RequireAndVerifyClientCert");
    }
    return new ClientAuth(caFiles, type);
  }

  private ForwardedHeaders trusted(EntryPointKeys keys) {
    List<String> trusted = settings.list(keys.trustedIPs());
    if (trusted.isEmpty()) {
      settings.note(keys.trustedIPs(), "loopback,private", trusted);
    }
    return new ForwardedHeaders(trusted);
  }

  private LifeCycle lifeCycle(EntryPointKeys keys) {
    return new LifeCycle(
        settings.get(keys.requestAcceptGraceTimeout()), settings.get(keys.graceTimeOut()));
  }

  private UpstreamConfig upstream() {
    Endpoint url = settings.require(StaticKeys.UPSTREAM_URL);
    return new UpstreamConfig(
        url,
        settings.get(StaticKeys.PRESET),
        settings.get(StaticKeys.TIMEOUT),
        settings.get(StaticKeys.MAX_CONCURRENT),
        settings.get(StaticKeys.MAX_QUEUED),
        settings.get(StaticKeys.MAX_IN_FLIGHT_SIZE),
        StaticKeys.UPSTREAM_TLS.read(settings, url));
  }

  private CacheConfig cache() {
    Duration ttl = settings.get(StaticKeys.TTL);
    Duration ttlWithoutSession = ttlWithoutSession(ttl);
    return new CacheConfig(
        ttl,
        ttlWithoutSession,
        settings.get(StaticKeys.SKEW),
        settings.get(StaticKeys.REFRESH_AHEAD),
        settings.get(StaticKeys.STALE_IF_ERROR),
        settings.get(StaticKeys.MAX_SIZE),
        settings.get(StaticKeys.ANONYMOUS_PATHS));
  }

  /// The default is capped at `cache.ttl`; a value that the operator set is reported instead.
  private Duration ttlWithoutSession(Duration ttl) {
    Duration bound = settings.get(StaticKeys.TTL_WITHOUT_SESSION);
    if (bound.compareTo(ttl) <= 0) {
      return bound;
    }
    if (settings.setting(StaticKeys.TTL_WITHOUT_SESSION) != null) {
      settings.problem(
          settings.where(StaticKeys.TTL_WITHOUT_SESSION),
          "must be at most cache.ttl ("
              + GoDuration.text(ttl)
              + "), but is "
              + GoDuration.text(bound));
    }
    settings.note(StaticKeys.TTL_WITHOUT_SESSION, GoDuration.text(ttl), ttl);
    return ttl;
  }

  private AdminConfig admin() {
    return new AdminConfig(settings.secret(StaticKeys.TOKEN, StaticKeys.TOKEN_FILE));
  }

  private Path stateDirectory() {
    Path named = settings.find(StaticKeys.STATE_DIRECTORY);
    if (named != null) {
      return named;
    }
    String xdg = environment.getOrDefault("XDG_STATE_HOME", "");
    // The XDG base directory specification requires ignoring relative paths.
    String home = environment.getOrDefault("HOME", System.getProperty("user.home", "/"));
    Path base = xdg.startsWith("/") ? Path.of(xdg) : Path.of(home, ".local", "state");
    Path directory = base.resolve("postern");
    settings.note(StaticKeys.STATE_DIRECTORY, directory.toString(), directory);
    return directory;
  }

  private LogConfig log() {
    return new LogConfig(
        settings.get(StaticKeys.LOG_LEVEL),
        settings.get(StaticKeys.LOG_FORMAT),
        settings.find(StaticKeys.LOG_FILE),
        settings.get(StaticKeys.NO_COLOR));
  }

  private void checkAddresses(boolean hasAuth, boolean hasAuths) {
    var taken = new HashMap<ListenAddress, String>();
    if (hasAuth) {
      checkAddress(StaticKeys.AUTH.address(), taken);
    }
    if (hasAuths) {
      checkAddress(StaticKeys.AUTHS.address(), taken);
    }
    checkAddress(StaticKeys.ADMIN_ADDRESS, taken);
  }

  private void checkAddress(Key<ListenAddress> key, Map<ListenAddress, String> taken) {
    @Nullable ListenAddress address = settings.get(key);
    String other = address.port() == 0 ? null : taken.putIfAbsent(address, key.name());
    if (other != null) {
      settings.problem(settings.where(key), address + " is the address of " + other + " too");
    }
  }
}
