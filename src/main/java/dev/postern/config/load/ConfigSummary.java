package dev.postern.config.load;

import dev.postern.config.AccessLogConfig;
import dev.postern.config.CacheConfig;
import dev.postern.config.EntryPointsConfig;
import dev.postern.config.EntryPointsConfig.ForwardedHeaders;
import dev.postern.config.EntryPointsConfig.LifeCycle;
import dev.postern.config.EntryPointsConfig.Tls;
import dev.postern.config.FeedsConfig;
import dev.postern.config.LogConfig;
import dev.postern.config.MetricsConfig;
import dev.postern.config.ProvidersConfig;
import dev.postern.config.ProvidersConfig.PathKind;
import dev.postern.config.StaticConfig;
import dev.postern.config.UpstreamConfig;
import dev.postern.config.key.GoDuration;
import dev.postern.config.key.Words;
import dev.postern.config.tls.ClientTls;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// The effective configuration as short lines for the start-up log.
public final class ConfigSummary {
  private ConfigSummary() {}

  /// One line a section, `section: key=value key=value`; secrets are `***`.
  ///
  /// @param config the configuration that is in effect
  public static List<String> lines(StaticConfig config) {
    var lines = new ArrayList<String>();
    entryPoints(config.entryPoints(), lines);
    lines.add(upstream(config.upstream()));
    lines.add(cache(config.cache()));
    providers(config.providers(), lines);
    feeds(config.feeds(), lines);
    lines.add("admin: token=" + (config.admin().token() == null ? "none" : "***"));
    lines.add("stateDirectory: " + config.stateDirectory());
    lines.add(log(config.log()));
    AccessLogConfig accessLog = config.accessLog();
    if (accessLog != null) {
      lines.add(accessLog(accessLog));
    }
    lines.add(metrics(config.metrics()));
    return List.copyOf(lines);
  }

  private static void entryPoints(EntryPointsConfig entryPoints, List<String> lines) {
    var auth = entryPoints.auth();
    if (auth != null) {
      lines.add(
          "entryPoints.auth: address="
              + auth.address()
              + trusted(auth.forwardedHeaders())
              + lifeCycle(auth.lifeCycle()));
    }
    var auths = entryPoints.auths();
    if (auths != null) {
      lines.add(
          "entryPoints.auths: address="
              + auths.address()
              + trusted(auths.forwardedHeaders())
              + lifeCycle(auths.lifeCycle())
              + certificate(auths.tls()));
    }
    lines.add("entryPoints.admin: address=" + entryPoints.admin().address());
  }

  private static String trusted(ForwardedHeaders headers) {
    return " trustedIPs="
        + (headers.trustedIPs().isEmpty()
            ? "loopback,private"
            : String.join(",", headers.trustedIPs()));
  }

  private static String lifeCycle(LifeCycle lifeCycle) {
    return text("requestAcceptGraceTimeout", lifeCycle.requestAcceptGraceTimeout())
        + text("graceTimeOut", lifeCycle.graceTimeOut());
  }

  private static String certificate(Tls tls) {
    return tls.certFile() == null
        ? " certificate=self-made"
            + (tls.domains().isEmpty() ? "" : " domains=" + String.join(",", tls.domains()))
        : " certFile=" + tls.certFile() + " keyFile=" + tls.keyFile();
  }

  private static String upstream(UpstreamConfig upstream) {
    String port = upstream.url().getPort() < 0 ? "" : ":" + upstream.url().getPort();
    return "upstream: url="
        + (upstream.url().getScheme() + "://" + upstream.url().getHost() + port)
        + (" preset=" + Words.lower(upstream.preset().name()))
        + text("timeout", upstream.timeout())
        + (" maxConcurrent=" + upstream.maxConcurrent())
        + (" maxQueued=" + upstream.maxQueued())
        + (" maxInFlightSize=" + upstream.maxInFlightSize())
        + tls(upstream.tls());
  }

  private static String tls(ClientTls tls) {
    return optional("tls.ca", tls.ca())
        + optional("tls.cert", tls.cert())
        + optional("tls.key", tls.key())
        + optional("tls.serverName", tls.serverName())
        + (tls.insecureSkipVerify() ? " tls.insecureSkipVerify=true" : "");
  }

  private static String cache(CacheConfig cache) {
    return "cache:"
        + text("ttl", cache.ttl())
        + text("ttlWithoutSession", cache.ttlWithoutSession())
        + text("skew", cache.skew())
        + String.format(Locale.ROOT, " refreshAhead=%s", cache.refreshAhead())
        + text("staleIfError", cache.staleIfError())
        + (" maxSize=" + cache.maxSize())
        + text("anonymousPaths", cache.anonymousPaths());
  }

  private static void providers(ProvidersConfig providers, List<String> lines) {
    var file = providers.file();
    if (file != null) {
      lines.add(
          "providers.file: "
              + (file.kind() == PathKind.DIRECTORY ? "directory=" : "filename=")
              + file.path()
              + (" watch=" + file.watch())
              + (" defaultRuleSyntax=" + Words.lower(file.defaultRuleSyntax().name())));
    }
    var traefik = providers.traefik();
    if (traefik != null) {
      lines.add(
          "providers.traefik: endpoint="
              + traefik.endpoint()
              + text("pollInterval", traefik.pollInterval())
              + text("pollTimeout", traefik.pollTimeout())
              + (traefik.authorization() == null ? "" : " authorization=***")
              + tls(traefik.tls()));
    }
    var authentik = providers.authentik();
    if (authentik != null) {
      lines.add(
          "providers.authentik: endpoint="
              + authentik.endpoint()
              + " token=***"
              + text("pollInterval", authentik.pollInterval())
              + text("pollTimeout", authentik.pollTimeout())
              + tls(authentik.tls()));
    }
  }

  private static void feeds(FeedsConfig feeds, List<String> lines) {
    var websocket = feeds.websocket();
    if (websocket != null) {
      lines.add(
          "feeds.websocket: endpoint="
              + websocket.endpoint()
              + (" outpost=" + websocket.outpost())
              + " token=***"
              + tls(websocket.tls()));
    }
  }

  private static String log(LogConfig log) {
    return "log: level="
        + log.level()
        + (" format=" + Words.lower(log.format().name()))
        + optional("filePath", log.filePath())
        + (log.noColor() ? " noColor=true" : "");
  }

  private static String accessLog(AccessLogConfig log) {
    return "accessLog: format="
        + Words.lower(log.format().name())
        + optional("filePath", log.filePath())
        + (log.bufferingSize() == 0 ? "" : " bufferingSize=" + log.bufferingSize())
        + (" bufferingPolicy=" + Words.lower(log.bufferingPolicy().name()));
  }

  private static String metrics(MetricsConfig metrics) {
    var prometheus = metrics.prometheus();
    return "metrics: prometheus="
        + (prometheus == null
            ? "false"
            : "true namespace="
                + prometheus.namespace()
                + (" entryPoint=" + Words.lower(prometheus.entryPoint().name())))
        + (metrics.addInternals() ? " addInternals=true" : "");
  }

  private static String text(String name, Duration duration) {
    return " " + name + "=" + GoDuration.text(duration);
  }

  private static String optional(String name, @Nullable Object value) {
    return value == null ? "" : " " + name + "=" + value;
  }
}
