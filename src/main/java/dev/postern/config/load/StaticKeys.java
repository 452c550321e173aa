package dev.postern.config.load;

import dev.postern.config.DataSize;
import dev.postern.config.EntryPointsConfig.ClientAuthType;
import dev.postern.config.ListenAddress;
import dev.postern.config.LogConfig.Format;
import dev.postern.config.LogConfig.Level;
import dev.postern.config.Secret;
import dev.postern.config.UpstreamConfig.PresetName;
import dev.postern.config.key.Key;
import dev.postern.config.key.KeyTable;
import dev.postern.config.key.Kinds;
import dev.postern.net.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The keys of the static configuration: names, kinds, defaults, bounds and help texts.
final class StaticKeys {

  /// Keys that both entry points for Traefik have in common.
  record EntryPointKeys(
      Key<Boolean> named,
      Key<ListenAddress> address,
      Key<List<String>> trustedIPs,
      Key<Duration> requestAcceptGraceTimeout,
      Key<Duration> graceTimeOut) {

    static EntryPointKeys of(String name, String address, String what) {
      String section = "entryPoints." + name;
      String lifeCycle = section + ".transport.lifeCycle.";
      return new EntryPointKeys(
          Key.of(section, Kinds.SWITCH, "", "Opens the entry point for " + what + "."),
          Key.of(section + ".address", Kinds.ADDRESS, address, "Address to listen on."),
          Key.of(
                  section + ".forwardedHeaders.trustedIPs",
                  Kinds.IP_RANGES,
                  "",
                  "Peers that may send forward-auth requests: the addresses of Traefik. If unset:"
                      + " loopback and private ranges.")
              .example("10.0.0.0/8,192.0.2.7"),
          Key.of(
                  lifeCycle + "requestAcceptGraceTimeout",
                  Kinds.DURATION,
                  "0s",
                  "How long connections are still accepted after the stop signal, while /ping"
                      + " already returns 503.")
              .must("at least 0s", StaticKeys::isNotNegative),
          Key.of(
                  lifeCycle + "graceTimeOut",
                  Kinds.DURATION,
                  "10s",
                  "How long running requests may take to finish after that.")
              .must("at least 0s", StaticKeys::isNotNegative));
    }

    Stream<Key<?>> all() {
      return Stream.of(named, address, trustedIPs, requestAcceptGraceTimeout, graceTimeOut);
    }
  }

  static final EntryPointKeys AUTH =
      EntryPointKeys.of(
          "auth",
          ":9000",
          "forward-auth requests and outpost paths; also open if auths is not set");
  static final EntryPointKeys AUTHS =
      EntryPointKeys.of(
          "auths", ":9443", "forward-auth requests and outpost paths over TLS with HTTP/2");
  static final Key<Boolean> AUTHS_TLS =
      Key.of("entryPoints.auths.http.tls", Kinds.SWITCH, "", "TLS of auths, which is always on.")
          .must("true, because auths is always TLS", on -> on);
  static final Key<Path> CERT_FILE =
      Key.of(
              "entryPoints.auths.http.tls.certFile",
              Kinds.PATH,
              "",
              "PEM certificate chain, reloaded when the file changes. If unset: a self-signed one,"
                  + " kept in stateDirectory.")
          .example("/certs/postern.crt");
  static final Key<Path> KEY_FILE =
      Key.of(
              "entryPoints.auths.http.tls.keyFile",
              Kinds.PATH,
              "",
              "PEM private key (PKCS #8) of certFile.")
          .example("/certs/postern.key");
  static final Key<List<String>> DOMAINS =
      Key.of(
              "entryPoints.auths.http.tls.domains",
              Kinds.DOMAINS,
              "",
              "Additional DNS names and addresses in the self-signed certificate.")
          .example("postern,postern.example.org");
  static final Key<List<String>> CLIENT_CA_FILES =
      Key.of(
              "entryPoints.auths.http.tls.clientAuth.caFiles",
              Kinds.PATHS,
              "",
              "PEM certificates of the CAs that client certificates (Traefik's) must be signed by.")
          .example("/certs/traefik-ca.crt");
  static final Key<ClientAuthType> CLIENT_AUTH_TYPE =
      Key.of(
          "entryPoints.auths.http.tls.clientAuth.clientAuthType",
          Kinds.oneOf("one of Traefik's values", clientAuthTypes()),
          "NoClientCert",
          "Whether clients need a certificate: NoClientCert, RequestClientCert,"
              + " RequireAnyClientCert, VerifyClientCertIfGiven or RequireAndVerifyClientCert. The"
              + " last accepts only clients with a certificate signed by a CA in caFiles, whatever"
              + " their address.");
  static final Key<ListenAddress> ADMIN_ADDRESS =
      Key.of(
          "entryPoints.admin.address",
          Kinds.ADDRESS,
          "127.0.0.1:9300",
          "Address of /ping, /metrics and the API; if it is not loopback, the API requires"
              + " admin.token.");

  static final Key<Endpoint> UPSTREAM_URL =
      Key.of("upstream.url", Kinds.URL, "", "The outpost to call: scheme, host and port. Required.")
          .example("http://authentik-server:9000");
  static final Key<PresetName> PRESET =
      Key.of(
          "upstream.preset",
          Kinds.oneOf(Map.of("authentik", PresetName.AUTHENTIK)),
          "authentik",
          "Kind of upstream.");
  static final Key<Duration> TIMEOUT =
      Key.of("upstream.timeout", Kinds.DURATION, "10s", "Timeout per call, including connecting.")
          .must(
              "above 0s and below 25s (the deadline of a whole request)",
              d -> d.isPositive() && d.compareTo(Duration.ofSeconds(25)) < 0);
  static final Key<Integer> MAX_CONCURRENT =
      Key.of(
              "upstream.maxConcurrent",
              Kinds.INTEGER,
              "256",
              "Maximum checks in flight; relayed requests get half as many slots, those with a body"
                  + " a quarter.")
          .must("from 1 to 65535", n -> n >= 1 && n <= 65_535);
  static final Key<Integer> MAX_QUEUED =
      Key.of("upstream.maxQueued", Kinds.INTEGER, "1024", "Maximum queued calls; more get 503.")
          .must("at least 0", n -> n >= 0);
  static final Key<DataSize> MAX_IN_FLIGHT_SIZE =
      Key.of(
              "upstream.maxInFlightSize",
              Kinds.SIZE,
              "64MiB",
              "Maximum bytes of all requests in flight, queued and joined; above that, requests get"
                  + " 503.")
          .must("at least 2MiB (one request may carry 1MiB of headers)", atLeast(2 << 20));
  static final TlsKeys UPSTREAM_TLS =
      TlsKeys.beside(
          UPSTREAM_URL, "anyone who can redirect the connection can then let any user in.");

  static final Key<Duration> TTL =
      Key.of(
              "cache.ttl",
              Kinds.DURATION,
              "60s",
              "Maximum lifetime of a stored verdict; the token's expiry and revocations end it"
                  + " sooner.")
          .must("above 0s", Duration::isPositive);
  static final Key<Duration> TTL_WITHOUT_SESSION =
      Key.of(
              "cache.ttlWithoutSession",
              Kinds.DURATION,
              "10s",
              "Maximum lifetime for identities without expiry or session id; at most cache.ttl.")
          .must("above 0s", Duration::isPositive);
  static final Key<Duration> SKEW =
      Key.of("cache.skew", Kinds.DURATION, "5s", "Tolerance for clock differences.")
          .must("at least 0s", StaticKeys::isNotNegative);
  static final Key<Double> REFRESH_AHEAD =
      Key.of(
              "cache.refreshAhead",
              Kinds.SHARE,
              "0.8",
              "Fraction of a verdict's lifetime after which a hit refreshes it in the background; 1"
                  + " disables that.")
          .must("above 0 and at most 1", n -> n > 0 && n <= 1);
  static final Key<Duration> STALE_IF_ERROR =
      Key.of(
              "cache.staleIfError",
              Kinds.DURATION,
              "0s",
              "How long an expired verdict may still be used while the upstream is unavailable; 0s"
                  + " disables that.")
          .must("at least 0s", StaticKeys::isNotNegative);
  static final Key<DataSize> MAX_SIZE =
      Key.of("cache.maxSize", Kinds.SIZE, "64MiB", "Maximum bytes of all stored verdicts.")
          .must("at least 1MiB", atLeast(1 << 20));
  static final Key<Duration> ANONYMOUS_PATHS =
      Key.of(
              "cache.anonymousPaths",
              Kinds.DURATION,
              "0s",
              "Lifetime of an allow for a request without any credential; 0s stores none.")
          .must("at least 0s", StaticKeys::isNotNegative);

  static final Key<Boolean> CACHE_STATUS_TO_CLIENTS =
      Key.of(
          "response.cacheStatusToClients",
          Kinds.BOOLEAN,
          "false",
          "Also sends X-Postern-Cache on redirects and refusals, which Traefik passes on to"
              + " clients. An allow, which Traefik does not pass on, always has it.");

  static final Key<Secret> TOKEN =
      Key.of(
          "admin.token",
          Kinds.SECRET,
          "",
          "Token that API requests must send as Authorization: Bearer when the admin entry point is"
              + " not loopback.");
  static final Key<Secret> TOKEN_FILE =
      Key.of(
              "admin.tokenFile",
              Kinds.SECRET_FILE,
              "",
              "File that holds admin.token; trailing newlines are ignored.")
          .example("/run/secrets/postern-token");
  static final Key<Path> STATE_DIRECTORY =
      Key.of(
              "stateDirectory",
              Kinds.PATH,
              "",
              "Directory of the self-signed certificate and its key. If unset:"
                  + " $XDG_STATE_HOME/postern or ~/.local/state/postern.")
          .example("/var/lib/postern");

  static final Key<Level> LOG_LEVEL =
      Key.of("log.level", Kinds.oneOf(levels()), "INFO", "Minimum level.");
  static final Key<Format> LOG_FORMAT =
      Key.of(
          "log.format",
          Kinds.oneOf(Map.of("common", Format.COMMON, "json", Format.JSON)),
          "common",
          "Line format: common for people, json for log collectors.");
  static final Key<Path> LOG_FILE =
      Key.of(
              "log.filePath",
              Kinds.PATH,
              "",
              "File to append to instead of writing to standard output.")
          .example("/var/log/postern.log");
  static final Key<Boolean> NO_COLOR =
      Key.of("log.noColor", Kinds.BOOLEAN, "false", "Disables colours on a terminal.");

  static final KeyTable TABLE =
      new KeyTable(
          Stream.of(
                  AUTH.all(),
                  AUTHS.all(),
                  Stream.of(AUTHS_TLS, CERT_FILE, KEY_FILE, DOMAINS),
                  Stream.of(CLIENT_CA_FILES, CLIENT_AUTH_TYPE, ADMIN_ADDRESS),
                  Stream.of(UPSTREAM_URL, PRESET, TIMEOUT, MAX_CONCURRENT, MAX_QUEUED),
                  Stream.of(MAX_IN_FLIGHT_SIZE),
                  UPSTREAM_TLS.all(),
                  Stream.of(TTL, TTL_WITHOUT_SESSION, SKEW, REFRESH_AHEAD, STALE_IF_ERROR),
                  Stream.of(MAX_SIZE, ANONYMOUS_PATHS),
                  LoginLimitKeys.all(),
                  Stream.of(CACHE_STATUS_TO_CLIENTS),
                  ProviderKeys.all(),
                  FeedKeys.all(),
                  Stream.of(TOKEN, TOKEN_FILE, STATE_DIRECTORY),
                  Stream.of(LOG_LEVEL, LOG_FORMAT, LOG_FILE, NO_COLOR),
                  AccessLogKeys.all(),
                  MetricsKeys.all())
              .<Key<?>>flatMap(keys -> keys)
              .toList(),
          refused());

  private StaticKeys() {}

  private static Map<String, String> refused() {
    Map<String, String> refused = new HashMap<>(AccessLogKeys.REFUSED);
    refused.putAll(MetricsKeys.REFUSED);
    return refused;
  }

  private static boolean isNotNegative(Duration duration) {
    return !duration.isNegative();
  }

  private static Predicate<DataSize> atLeast(long bytes) {
    return size -> size.bytes() >= bytes;
  }

  private static Map<String, ClientAuthType> clientAuthTypes() {
    return Stream.of(ClientAuthType.values())
        .collect(Collectors.toMap(ClientAuthType::text, type -> type));
  }

  private static Map<String, Level> levels() {
    return Map.of(
        "TRACE", Level.TRACE,
        "DEBUG", Level.DEBUG,
        "INFO", Level.INFO,
        "WARN", Level.WARN,
        "ERROR", Level.ERROR);
  }
}
