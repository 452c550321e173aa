package dev.postern.config.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.config.StaticConfig;
import dev.postern.config.key.Key;
import dev.postern.config.key.Kind;
import dev.postern.config.load.StaticConfigLoader.Loaded;
import dev.postern.config.load.StaticConfigLoader.Refused;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// What the log and the API show of the configuration.
class EffectiveSettingsTest {
  private static final Pattern SECRETS =
      Pattern.compile("pass word|api-token|outpost-token|0123456789");

  @Test
  void lines_defaults_areOneLineASection() {
    assertThat(lines(Map.of("HOME", "/home/p"), "--upstream.url=http://outpost:9000"))
        .containsExactly(
            "entryPoints.auth: address=:9000 forwardedHeaders.trustedIPs=loopback,private"
                + " transport.lifeCycle.requestAcceptGraceTimeout=0s"
                + " transport.lifeCycle.graceTimeOut=10s",
            "entryPoints.admin: address=127.0.0.1:9300",
            "upstream: url=http://outpost:9000 preset=authentik timeout=10s maxConcurrent=256"
                + " maxQueued=1024 maxInFlightSize=64MiB tls.insecureSkipVerify=false",
            "cache: ttl=1m ttlWithoutSession=10s skew=5s refreshAhead=0.8 staleIfError=0s"
                + " maxSize=64MiB anonymousPaths=0s loginLimit.average=20 loginLimit.burst=100"
                + " loginLimit.period=1s loginLimit.sourceCriterion.requestHost=false"
                + " loginLimit.sourceCriterion.ipStrategy.depth=1"
                + " loginLimit.sourceCriterion.ipStrategy.ipv6Subnet=64",
            "response: cacheStatusToClients=false",
            "stateDirectory: path=/home/p/.local/state/postern",
            "log: level=INFO format=common noColor=false",
            "metrics: prometheus.namespace=traefik prometheus.buckets=0.1,0.3,1.2,5.0"
                + " prometheus.addEntryPointsLabels=true prometheus.addRoutersLabels=false"
                + " prometheus.addServicesLabels=true prometheus.entryPoint=admin"
                + " prometheus.manualRouting=false addInternals=false");
  }

  @Test
  void lines_everything_isShownWithoutSecrets() {
    assertThat(lines(Map.of(), "--configFile=src/test/resources/config/good/full.yml"))
        .contains(
            "providers.authentik: endpoint=https://authentik:9443 token=*** pollInterval=2m"
                + " pollTimeout=3s tls.ca=aa.crt tls.cert=a.crt tls.key=a.key"
                + " tls.serverName=a.local tls.insecureSkipVerify=true",
            "admin: token=***",
            "log: level=DEBUG format=json filePath=/var/log/p.log noColor=true")
        .anySatisfy(line ->
            assertThat(line)
                .startsWith("accessLog: ")
                .contains(
                    "filters.statusCodes=401,500-599", "fields.headers.names.User-Agent=keep"))
        .noneMatch(line -> SECRETS.matcher(line).find());
  }

  @Test
  void values_ofEveryKeyThatIsWritten_areThere() {
    Settings settings = new Settings();
    FileLayer.read(Path.of("src/test/resources/config/good/full.yml"), StaticKeys.TABLE, settings);
    StaticConfig config = new StaticConfigBinder(settings, Map.of()).config();
    assertThat(
            StaticKeys.TABLE.keys().stream()
                .filter(
                    key -> key.kind().shape() != Kind.Shape.SWITCH && settings.setting(key) != null)
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
