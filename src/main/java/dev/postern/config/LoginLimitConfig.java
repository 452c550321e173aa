package dev.postern.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Limits how many logins one client may start, as Traefik's `rateLimit` limits requests.
///
/// @param average average challenges per client and period; 0 disables the limit
/// @param burst challenges that one client may cause in one burst
/// @param period the period of the average
/// @param sourceCriterion how a request is attributed to a client
public record LoginLimitConfig(
    long average, int burst, Duration period, SourceCriterion sourceCriterion) {

  /// How a request is attributed to a client: by a header, by the host, or otherwise by address.
  ///
  /// @param ipStrategy which address of `X-Forwarded-For` is the client's
  /// @param requestHeaderName request header whose value identifies the client, or null
  /// @param requestHost whether the forwarded host is the key instead
  public record SourceCriterion(
      IpStrategy ipStrategy, @Nullable String requestHeaderName, boolean requestHost) {}

  /// Which address of `X-Forwarded-For` is the client's.
  ///
  /// @param depth position from the right, starting at 1; 0 means that `excludedIPs` decides
  /// @param excludedIPs the client is the first address from the right outside these ranges
  /// @param ipv6Subnet prefix length; IPv6 addresses that share it count as one client
  public record IpStrategy(int depth, List<String> excludedIPs, int ipv6Subnet) {
    public IpStrategy {
      excludedIPs = List.copyOf(excludedIPs);
    }
  }

  /// Whether the limit is enabled.
  public boolean isOn() {
    return average > 0;
  }
}
