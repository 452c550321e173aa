package dev.postern.config.load;

import dev.postern.config.key.Key;
import dev.postern.config.key.Kinds;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/// The keys of the login limit.
final class LoginLimitKeys {
  private static final String SECTION = "cache.loginLimit.";
  private static final String CRITERION = SECTION + "sourceCriterion.";
  private static final int MOST = 1_000_000;

  static final Key<Integer> AVERAGE =
      Key.of(
              SECTION + "average",
              Kinds.INTEGER,
              "20",
              "Average challenges per client and period; more get 429. 0 disables the limit. See"
                  + " security.md.")
          .must("from 0 to " + MOST, n -> n >= 0 && n <= MOST);
  static final Key<Integer> BURST =
      Key.of(
              SECTION + "burst",
              Kinds.INTEGER,
              "100",
              "Challenges that one client may cause in one burst.")
          .must("from 1 to " + MOST, n -> n >= 1 && n <= MOST);
  static final Key<Duration> PERIOD =
      Key.of(SECTION + "period", Kinds.DURATION, "1s", "Period of the average.")
          .must(
              "above 0s and at most 24h",
              d -> d.isPositive() && d.compareTo(Duration.ofHours(24)) <= 0);
  static final Key<Integer> DEPTH =
      Key.of(
              CRITERION + "ipStrategy.depth",
              Kinds.INTEGER,
              "1",
              "Position of the client's address in X-Forwarded-For, counted from the right: 1 is"
                  + " Traefik's own peer; with one more proxy in front of Traefik use 2.")
          .must("from 1 to 100", n -> n >= 1 && n <= 100);
  static final Key<List<String>> EXCLUDED_IPS =
      Key.of(
              CRITERION + "ipStrategy.excludedIPs",
              Kinds.IP_RANGES,
              "",
              "Alternative to depth: the client is the first address from the right that is not in"
                  + " these ranges.")
          .example("173.245.48.0/20,10.0.0.0/8");
  static final Key<Integer> IPV6_SUBNET =
      Key.of(
              CRITERION + "ipStrategy.ipv6Subnet",
              Kinds.INTEGER,
              "64",
              "Prefix length; IPv6 addresses that share it count as one client.")
          .must("from 1 to 128", n -> n >= 1 && n <= 128);
  static final Key<String> REQUEST_HEADER_NAME =
      Key.of(
              CRITERION + "requestHeaderName",
              Kinds.HEADER_NAME,
              "",
              "Alternative to an address: the request header that identifies the client. Clients"
                  + " must not be able to set it themselves.")
          .example("CF-Connecting-IP");
  static final Key<Boolean> REQUEST_HOST =
      Key.of(
          CRITERION + "requestHost",
          Kinds.BOOLEAN,
          "false",
          "Alternative to an address: counts all clients of one host together.");

  private LoginLimitKeys() {}

  static Stream<Key<?>> all() {
    return Stream.of(
        AVERAGE,
        BURST,
        PERIOD,
        DEPTH,
        EXCLUDED_IPS,
        IPV6_SUBNET,
        REQUEST_HEADER_NAME,
        REQUEST_HOST);
  }
}
