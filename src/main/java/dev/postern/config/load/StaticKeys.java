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

/// The keys of the static configuration: names, kinds, defaults, bounds and what they mean.
final class StaticKeys {

  /// Keys that both entry points for Traefik have.
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
          Key.of(section + ".address", Kinds.ADDRESS, address, "Where it listens."),
          Key.of(
                  section + ".forwardedHeaders.trustedIPs",
                  Kinds.IP_RANGES,
                  "",
                  "Peers that may send forward-auth requests: the addresses of Traefik. Without it"
                      + " loopback and private ranges.")
              .example("10.0.0.0/8,192.0.2.7"),
          Key.of(
                  lifeCycle + "requestAcceptGraceTimeout",
                  Kinds.DURATION,
                  "0s",
                  "How long connections are still accepted after the signal to stop, while /ping"
                      + " already answers 503.")
              .must("at least 0s", StaticKeys::isNotNegative),
          Key.of(
                  lifeCycle + "graceTimeOut",
                  Kinds.DURATION,
                  "10s",
                  "How long requests may then take to finish.")
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
          "forward-auth requests and outpost paths; open too while auths is not named");
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
              "PEM certificate chain, read again when the file changes. Without it a self-made one,"
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
              "Further DNS names and addresses of the self-made certificate.")
          .example("postern,postern.example.org");
  static final Key<List<String>> CLIENT_CA_FILES =
      Key.of(
              "entryPoints.auths.http.tls.clientAuth.caFiles",
              Kinds.PATHS,
              "",
              "PEM certificates of the authorities that the certificates of clients, which is"
                  + " Traefik, are checked with.")
          .example("/certs/traefik-ca.crt");
  static final Key<ClientAuthType> CLIENT_AUTH_TYPE =
      Key.of(
          "entryPoints.auths.http.tls.clientAuth.clientAuthType",
          Kinds.oneOf("one of Traefik's words", clientAuthTypes()),
          "NoClientCert",
          "Whether clients need a certificate: NoClientCert, RequestClientCert,"
              + " RequireAnyClientCert, VerifyClientCertIfGiven or RequireAndVerifyClientCert. With"
              + " the last nobody else than the holder of one that caFiles has signed is spoken"
              + " with, whatever the address.");
  static final Key<ListenAddress> ADMIN_ADDRESS =
      Key.of(
          "entryPoints.admin.address",
          Kinds.ADDRESS,
          "127.0.0.1:9300",
          "Where /ping, /metrics and the API listen; off loopback the API asks for admin.token.");

  static final Key<Endpoint> UPSTREAM_URL =
      Key.of(
              "upstream.url",
              Kinds.URL,
              "",
              "The outpost that is asked: scheme, host and port. Required.")
          .example("http://authentik-server:9000");
  static final Key<PresetName> PRESET =
      Key.of(
          "upstream.preset",
          Kinds.oneOf(Map.of("authentik", PresetName.AUTHENTIK)),
          "authentik",
          "What kind of upstream it is.");
  static final Key<Duration> TIMEOUT =
      Key.of("upstream.timeout", Kinds.DURATION, "10s", "Bound of one call, connecting included.")
          .must(
              "above 0s and below 25s (the deadline of a whole request)",
              d -> d.isPositive() && d.compareTo(Duration.ofSeconds(25)) < 0);
  static final Key<Integer> MAX_CONCURRENT =
      Key.of(
              "upstream.maxConcurrent",
              Kinds.INTEGER,
              "256",
              "Checks in flight at most; relayed requests have half as many places, with a body a"
                  + " quarter.")
          .must("from 1 to 65535", n -> n >= 1 && n <= 65_535);
  static final Key<Integer> MAX_QUEUED =
      Key.of(
              "upstream.maxQueued",
              Kinds.INTEGER,
              "1024",
              "Calls that wait for a place at most; one more is answered 503.")
          .must("at least 0", n -> n >= 0);
  static final Key<DataSize> MAX_IN_FLIGHT_SIZE =
      Key.of(
              "upstream.maxInFlightSize",
              Kinds.SIZE,
              "64MiB",
              "Bytes that requests in flight, queued and joined may hold together; one more is"
                  + " answered 503.")
          .must("at least 2MiB (one request may carry 1MiB of headers)", atLeast(2 << 20));
  static final TlsKeys UPSTREAM_TLS =
      TlsKeys.beside(UPSTREAM_URL, "whoever can redirect the connection can then let anyone in.");

  static final Key<Duration> TTL =
      Key.of(
              "cache.ttl",
              Kinds.DURATION,
              "60s",
              "Upper bound of a verdict's life; the token's expiry and revocations shorten it.")
          .must("above 0s", Duration::isPositive);
  static final Key<Duration> TTL_WITHOUT_SESSION =
      Key.of(
              "cache.ttlWithoutSession",
              Kinds.DURATION,
              "10s",
              "The same for identities without expiry or session id; at most cache.ttl.")
          .must("above 0s", Duration::isPositive);
  static final Key<Duration> SKEW =
      Key.of("cache.skew", Kinds.DURATION, "5s", "Allowance for clocks that differ.")
          .must("at least 0s", StaticKeys::isNotNegative);
  static final Key<Double> REFRESH_AHEAD =
      Key.of(
              "cache.refreshAhead",
              Kinds.SHARE,
              "0.8",
              "Share of a verdict's life after which a hit renews it in the background; 1 turns"
                  + " that off.")
          .must("above 0 and at most 1", n -> n > 0 && n <= 1);
  static final Key<Duration> STALE_IF_ERROR =
      Key.of(
              "cache.staleIfError",
              Kinds.DURATION,
              "0s",
              "How long past its life a verdict may answer while the upstream is unavailable; 0s"
                  + " turns that off.")
          .must("at least 0s", StaticKeys::isNotNegative);
  static final Key<DataSize> MAX_SIZE =
      Key.of("cache.maxSize", Kinds.SIZE, "64MiB", "Bytes of all remembered verdicts together.")
          .must("at least 1MiB", atLeast(1 << 20));
  static final Key<Duration> ANONYMOUS_PATHS =
      Key.of(
              "cache.anonymousPaths",
              Kinds.DURATION,
              "0s",
              "Life of an allow for a request without any credential; 0s remembers none.")
          .must("at least 0s", StaticKeys::isNotNegative);

  static final Key<Boolean> CACHE_STATUS_TO_CLIENTS =
      Key.of(
          "response.cacheStatusToClients",
          Kinds.BOOLEAN,
          "false",
          "Sends X-Postern-Cache on redirects and refusals of checks too, which Traefik hands on to"
              + " clients. On an allow, which Traefik keeps to itself, it always is.");

  static final Key<Secret> TOKEN =
      Key.of(
          "admin.token",
          Kinds.SECRET,
          "",
          "What Authorization: Bearer must carry for the API when its entry point is not"
              + " loopback.");
  static final Key<Secret> TOKEN_FILE =
      Key.of(
              "admin.tokenFile",
              Kinds.SECRET_FILE,
              "",
              "File that holds admin.token; line ends at its end do not count.")
          .example("/run/secrets/postern-token");
  static final Key<Path> STATE_DIRECTORY =
      Key.of(
              "stateDirectory",
              Kinds.PATH,
              "",
              "Where the self-made certificate and its key are kept. Without it"
                  + " $XDG_STATE_HOME/postern or ~/.local/state/postern.")
          .example("/var/lib/postern");

  static final Key<Level> LOG_LEVEL =
      Key.of("log.level", Kinds.oneOf(levels()), "INFO", "Least level that is written.");
  static final Key<Format> LOG_FORMAT =
      Key.of(
          "log.format",
          Kinds.oneOf(Map.of("common", Format.COMMON, "json", Format.JSON)),
          "common",
          "How a line looks: common for people, json for collectors.");
  static final Key<Path> LOG_FILE =
      Key.of(
              "log.filePath",
              Kinds.PATH,
              "",
              "File that lines are appended to instead of standard output.")
          .example("/var/log/postern.log");
  static final Key<Boolean> NO_COLOR =
      Key.of("log.noColor", Kinds.BOOLEAN, "false", "No colours on a terminal.");

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
