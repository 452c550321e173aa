package dev.postern.config.load;

import dev.postern.config.AccessLogConfig;
import dev.postern.config.CacheConfig;
import dev.postern.config.EntryPointsConfig;
import dev.postern.config.EntryPointsConfig.ClientAuth;
import dev.postern.config.EntryPointsConfig.ForwardedHeaders;
import dev.postern.config.EntryPointsConfig.LifeCycle;
import dev.postern.config.EntryPointsConfig.Tls;
import dev.postern.config.FeedsConfig;
import dev.postern.config.LogConfig;
import dev.postern.config.LoginLimitConfig;
import dev.postern.config.LoginLimitConfig.IpStrategy;
import dev.postern.config.LoginLimitConfig.SourceCriterion;
import dev.postern.config.MetricsConfig;
import dev.postern.config.ProvidersConfig;
import dev.postern.config.ProvidersConfig.PathKind;
import dev.postern.config.StaticConfig;
import dev.postern.config.UpstreamConfig;
import dev.postern.config.key.GoDuration;
import dev.postern.config.key.Words;
import dev.postern.config.tls.ClientTls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The effective configuration as short texts, for the start-up log and the admin API.
public final class ConfigSummary {
  private ConfigSummary() {}

  /// One line a section, `section: key=value key=value`; secrets are `***`.
  ///
  /// @param config the configuration that is in effect
  public static List<String> lines(StaticConfig config) {
    return sections(config).entrySet().stream()
        .map(section -> section.getKey() + ": " + line(section.getValue()))
        .toList();
  }

  private static String line(Map<String, String> values) {
    return values.entrySet().stream()
        .map(value -> value.getKey() + "=" + value.getValue())
        .collect(Collectors.joining(" "));
  }

  /// The same by section and key, in the order of the documentation.
  ///
  /// @param config the configuration that is in effect
  /// @return keys below their section's name, with their values as text
  public static Map<String, Map<String, String>> sections(StaticConfig config) {
    var sections = new LinkedHashMap<String, Map<String, String>>();
    entryPoints(config.entryPoints(), sections);
    sections.put("upstream", upstream(config.upstream()));
    sections.put("cache", cache(config.cache()));
    sections.put("cache.loginLimit", loginLimit(config.loginLimit()));
    if (config.response().cacheStatusToClients()) {
      sections.put("response", Map.of("cacheStatusToClients", "true"));
    }
    providers(config.providers(), sections);
    feeds(config.feeds(), sections);
    sections.put("admin", Map.of("token", config.admin().token() == null ? "none" : "***"));
    sections.put("stateDirectory", Map.of("path", config.stateDirectory().toString()));
    sections.put("log", log(config.log()));
    var accessLog = config.accessLog();
    if (accessLog != null) {
      sections.put("accessLog", accessLog(accessLog));
    }
    sections.put("metrics", metrics(config.metrics()));
    return sections;
  }

  private static void entryPoints(
      EntryPointsConfig entryPoints, Map<String, Map<String, String>> sections) {
    var auth = entryPoints.auth();
    if (auth != null) {
      var values = new Values().put("address", auth.address());
      peers(values, auth.forwardedHeaders(), auth.lifeCycle());
      sections.put("entryPoints.auth", values.map);
    }
    var auths = entryPoints.auths();
    if (auths != null) {
      var values = new Values().put("address", auths.address());
      peers(values, auths.forwardedHeaders(), auths.lifeCycle());
      certificate(values, auths.tls());
      sections.put("entryPoints.auths", values.map);
    }
    var admin = new Values().put("address", entryPoints.admin().address());
    sections.put("entryPoints.admin", admin.map);
  }

  private static void peers(Values values, ForwardedHeaders headers, LifeCycle lifeCycle) {
    values
        .put(
            "trustedIPs",
            headers.trustedIPs().isEmpty()
                ? "loopback,private"
                : String.join(",", headers.trustedIPs()))
        .put("requestAcceptGraceTimeout", lifeCycle.requestAcceptGraceTimeout())
        .put("graceTimeOut", lifeCycle.graceTimeOut());
  }

  private static void certificate(Values values, Tls tls) {
    ClientAuth clients = tls.clientAuth();
    if (!clients.equals(ClientAuth.NONE)) {
      values.put("clientAuthType", clients.clientAuthType().text());
    }
    if (!clients.caFiles().isEmpty()) {
      values.put(
          "caFiles",
          clients.caFiles().stream().map(Path::toString).collect(Collectors.joining(",")));
    }
    if (tls.certFile() != null) {
      values.put("certFile", tls.certFile()).put("keyFile", tls.keyFile());
      return;
    }
    values.put("certificate", "self-made");
    if (!tls.domains().isEmpty()) {
      values.put("domains", String.join(",", tls.domains()));
    }
  }

  private static Map<String, String> upstream(UpstreamConfig upstream) {
    var values =
        new Values()
            .put("url", upstream.url().origin())
            .put("preset", Words.lower(upstream.preset().name()))
            .put("timeout", upstream.timeout())
            .put("maxConcurrent", upstream.maxConcurrent())
            .put("maxQueued", upstream.maxQueued())
            .put("maxInFlightSize", upstream.maxInFlightSize());
    tls(values, upstream.tls());
    return values.map;
  }

  private static void tls(Values values, ClientTls tls) {
    values
        .put("tls.ca", tls.ca())
        .put("tls.cert", tls.cert())
        .put("tls.key", tls.key())
        .put("tls.serverName", tls.serverName())
        .put("tls.insecureSkipVerify", tls.insecureSkipVerify() ? true : null);
  }

  private static Map<String, String> cache(CacheConfig cache) {
    return new Values()
        .put("ttl", cache.ttl())
        .put("ttlWithoutSession", cache.ttlWithoutSession())
        .put("skew", cache.skew())
        .put("refreshAhead", cache.refreshAhead())
        .put("staleIfError", cache.staleIfError())
        .put("maxSize", cache.maxSize())
        .put("anonymousPaths", cache.anonymousPaths())
        .map;
  }

  private static Map<String, String> loginLimit(LoginLimitConfig limit) {
    if (!limit.isOn()) {
      return Map.of("average", "0");
    }
    var values =
        new Values()
            .put("average", limit.average())
            .put("burst", limit.burst())
            .put("period", limit.period());
    SourceCriterion criterion = limit.sourceCriterion();
    IpStrategy strategy = criterion.ipStrategy();
    if (criterion.requestHeaderName() != null) {
      values.put("requestHeaderName", criterion.requestHeaderName());
    } else if (criterion.requestHost()) {
      values.put("requestHost", true);
    } else if (strategy.depth() > 0) {
      values.put("depth", strategy.depth()).put("ipv6Subnet", strategy.ipv6Subnet());
    } else {
      values
          .put("excludedIPs", String.join(",", strategy.excludedIPs()))
          .put("ipv6Subnet", strategy.ipv6Subnet());
    }
    return values.map;
  }

  private static void providers(
      ProvidersConfig providers, Map<String, Map<String, String>> sections) {
    var file = providers.file();
    if (file != null) {
      var values =
          new Values()
              .put(file.kind() == PathKind.DIRECTORY ? "directory" : "filename", file.path())
              .put("watch", file.watch())
              .put("defaultRuleSyntax", Words.lower(file.defaultRuleSyntax().name()));
      sections.put("providers.file", values.map);
    }
    var traefik = providers.traefik();
    if (traefik != null) {
      var values =
          new Values()
              .put("endpoint", traefik.endpoint())
              .put("pollInterval", traefik.pollInterval())
              .put("pollTimeout", traefik.pollTimeout())
              .put("authorization", traefik.authorization());
      tls(values, traefik.tls());
      sections.put("providers.traefik", values.map);
    }
    var authentik = providers.authentik();
    if (authentik != null) {
      var values =
          new Values()
              .put("endpoint", authentik.endpoint())
              .put("token", authentik.token())
              .put("pollInterval", authentik.pollInterval())
              .put("pollTimeout", authentik.pollTimeout());
      tls(values, authentik.tls());
      sections.put("providers.authentik", values.map);
    }
  }

  private static void feeds(FeedsConfig feeds, Map<String, Map<String, String>> sections) {
    var websocket = feeds.websocket();
    if (websocket != null) {
      var values =
          new Values()
              .put("endpoint", websocket.endpoint())
              .put("outpost", websocket.outpost())
              .put("token", websocket.token());
      tls(values, websocket.tls());
      sections.put("feeds.websocket", values.map);
    }
  }

  private static Map<String, String> log(LogConfig log) {
    return new Values()
        .put("level", log.level())
        .put("format", Words.lower(log.format().name()))
        .put("filePath", log.filePath())
        .put("noColor", log.noColor() ? true : null)
        .map;
  }

  private static Map<String, String> accessLog(AccessLogConfig log) {
    return new Values()
        .put("format", log.format().text())
        .put("filePath", log.filePath())
        .put("bufferingSize", log.bufferingSize() == 0 ? null : log.bufferingSize())
        .put("bufferingPolicy", Words.lower(log.bufferingPolicy().name()))
        .map;
  }

  private static Map<String, String> metrics(MetricsConfig metrics) {
    var prometheus = metrics.prometheus();
    var values = new Values().put("prometheus", prometheus != null);
    if (prometheus != null) {
      values
          .put("namespace", prometheus.namespace())
          .put("entryPoint", Words.lower(prometheus.entryPoint().name()));
    }
    return values.put("addInternals", metrics.addInternals() ? true : null).map;
  }

  /// Values of one section; null is a value that is not set.
  private static final class Values {
    private final Map<String, String> map = new LinkedHashMap<>();

    Values put(String name, @Nullable Object value) {
      if (value instanceof Duration duration) {
        map.put(name, GoDuration.text(duration));
      } else if (value != null) {
        map.put(name, value.toString());
      }
      return this;
    }
  }
}
