package dev.postern.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.config.StaticConfig;
import dev.postern.config.key.Key;
import dev.postern.config.key.Kinds;
import dev.postern.config.load.StaticConfigLoader.Loaded;
import dev.postern.config.load.StaticConfigLoader.Refused;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// What the log and the API show of the configuration.
class EffectiveSettingsTest {

  @Test
  void lines_defaults_areOneLineASection() {
    assertThat(lines(Map.of("HOME", "/home/p"), "--upstream.url=http://outpost:9000"))
        .containsExactly(
            "entryPoints.auth: address=:9000 trustedIPs=loopback,private"
                + " requestAcceptGraceTimeout=0s graceTimeOut=10s",
            "entryPoints.admin: address=127.0.0.1:9300",
            "upstream: url=http://outpost:9000 preset=authentik timeout=10s maxConcurrent=256"
                + " maxQueued=1024 maxInFlightSize=64MiB",
            "cache: ttl=1m ttlWithoutSession=10s skew=5s refreshAhead=0.8 staleIfError=0s"
                + " maxSize=64MiB anonymousPaths=0s",
            "cache.loginLimit: average=20 burst=100 period=1s depth=1 ipv6Subnet=64",
            "admin: token=none",
            "stateDirectory: path=/home/p/.local/state/postern",
            "log: level=INFO format=common",
            "metrics: prometheus=true namespace=traefik entryPoint=admin");
  }

  @Test
  void lines_everything_isShownWithoutTheToken() {
    assertThat(lines(Map.of(), "--configFile=src/test/resources/config/good/full.yml"))
        .containsExactly(
            "entryPoints.auth: address=10.0.0.1:8000 trustedIPs=10.0.0.0/8,::1"
                + " requestAcceptGraceTimeout=3s graceTimeOut=20s",
            "entryPoints.auths: address=:8443 trustedIPs=192.0.2.7 requestAcceptGraceTimeout=0s"
                + " graceTimeOut=10s certFile=/certs/a.crt keyFile=/certs/a.key",
            "entryPoints.admin: address=[::1]:8300",
            "upstream: url=https://outpost preset=authentik timeout=1.5s maxConcurrent=8"
                + " maxQueued=0 maxInFlightSize=8MiB tls.ca=ca.crt tls.cert=c.crt tls.key=c.key"
                + " tls.serverName=idp.local tls.insecureSkipVerify=true",
            "cache: ttl=1m30s ttlWithoutSession=5s skew=0s refreshAhead=1.0 staleIfError=10m"
                + " maxSize=1MiB anonymousPaths=7s",
            "cache.loginLimit: average=3 burst=7 period=1m excludedIPs=10.0.0.0/8,::1"
                + " ipv6Subnet=56",
            "response: cacheStatusToClients=true",
            "providers.file: filename=/etc/traefik/dynamic.yml watch=false defaultRuleSyntax=v2",
            "providers.traefik: endpoint=https://traefik:8443/base pollInterval=20s pollTimeout=2s"
                + " authorization=*** tls.ca=ta.crt tls.cert=t.crt tls.key=t.key"
                + " tls.serverName=t.local tls.insecureSkipVerify=true",
            "providers.authentik: endpoint=https://authentik:9443 token=*** pollInterval=2m"
                + " pollTimeout=3s tls.ca=aa.crt tls.cert=a.crt tls.key=a.key"
                + " tls.serverName=a.local tls.insecureSkipVerify=true",
            "feeds.websocket: endpoint=https://authentik:9443"
                + " outpost=6c0d3c62-0000-4000-8000-00000000000a token=*** tls.ca=fa.crt"
                + " tls.cert=f.crt tls.key=f.key tls.serverName=ak.local"
                + " tls.insecureSkipVerify=true",
            "admin: token=***",
            "stateDirectory: path=/var/lib/postern",
            "log: level=DEBUG format=json filePath=/var/log/p.log noColor=true",
            "accessLog: format=genericCLF filePath=/var/log/access.log bufferingSize=100"
                + " bufferingPolicy=block",
            "metrics: prometheus=true namespace=gate entryPoint=auths addInternals=true");
  }

  @Test
  void values_ofEveryKeyThatIsWritten_areThere() {
    Settings settings = new Settings();
    FileLayer.read(Path.of("src/test/resources/config/good/full.yml"), StaticKeys.TABLE, settings);
    StaticConfig config = new StaticConfigBinder(settings, Map.of()).config();
    assertThat(
            StaticKeys.TABLE.keys().stream()
                .filter(key -> key.kind() != Kinds.SWITCH && settings.setting(key) != null)
                .map(Key::name))
        .isNotEmpty()
        .allMatch(config.effective().values()::containsKey);
  }

  private static List<String> lines(Map<String, String> environment, String flag) {
    return switch (new StaticConfigLoader(environment).load(List.of(flag))) {
      case Loaded<StaticConfig> loaded -> loaded.value().effective().lines();
      case Refused<StaticConfig> refused -> throw new AssertionError(refused.problems());
    };
  }
}
