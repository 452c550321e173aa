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
              "Challenges that one client may cause in each period in the long run; more are"
                  + " answered 429. 0 turns the limit off. See security.md.")
          .must("from 0 to " + MOST, n -> n >= 0 && n <= MOST);
  static final Key<Integer> BURST =
      Key.of(SECTION + "burst", Kinds.INTEGER, "100", "Challenges that it may cause at once.")
          .must("from 1 to " + MOST, n -> n >= 1 && n <= MOST);
  static final Key<Duration> PERIOD =
      Key.of(SECTION + "period", Kinds.DURATION, "1s", "The time that the average is meant for.")
          .must(
              "above 0s and at most 24h",
              d -> d.isPositive() && d.compareTo(Duration.ofHours(24)) <= 0);
  static final Key<Integer> DEPTH =
      Key.of(
              CRITERION + "ipStrategy.depth",
              Kinds.INTEGER,
              "1",
              "Which address of X-Forwarded-For is the client, counted from the right: 1 is the"
                  + " peer that Traefik itself saw, so behind one more proxy it is 2.")
          .must("from 1 to 100", n -> n >= 1 && n <= 100);
  static final Key<List<String>> EXCLUDED_IPS =
      Key.of(
              CRITERION + "ipStrategy.excludedIPs",
              Kinds.IP_RANGES,
              "",
              "Instead of depth: the first address from the right that is not in these ranges is"
                  + " the client.")
          .example("173.245.48.0/20,10.0.0.0/8");
  static final Key<Integer> IPV6_SUBNET =
      Key.of(
              CRITERION + "ipStrategy.ipv6Subnet",
              Kinds.INTEGER,
              "64",
              "Prefix length by which IPv6 addresses are counted as one client.")
          .must("from 1 to 128", n -> n >= 1 && n <= 128);
  static final Key<String> REQUEST_HEADER_NAME =
      Key.of(
              CRITERION + "requestHeaderName",
              Kinds.HEADER_NAME,
              "",
              "Instead of an address: the request header that names the client. Clients must not"
                  + " be able to write it themselves.")
          .example("CF-Connecting-IP");
  static final Key<Boolean> REQUEST_HOST =
      Key.of(
          CRITERION + "requestHost",
          Kinds.BOOLEAN,
          "false",
          "Instead of an address: counts all clients of one host together.");

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
