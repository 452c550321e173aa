package dev.postern.config;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How many logins one client may begin, as Traefik's `rateLimit` counts requests.
///
/// @param average challenges a client may cause in each period, in the long run; 0 turns the limit
///   off
/// @param burst challenges it may cause at once
/// @param period the time that the average is meant for
/// @param sourceCriterion what makes two requests those of one client
public record LoginLimitConfig(
    long average, int burst, Duration period, SourceCriterion sourceCriterion) {

  /// Whom a request is counted for: a header, the host, or else an address.
  ///
  /// @param ipStrategy which address of `X-Forwarded-For` counts
  /// @param requestHeaderName name of a request header whose value counts, or null
  /// @param requestHost whether the forwarded host counts
  public record SourceCriterion(
      IpStrategy ipStrategy, @Nullable String requestHeaderName, boolean requestHost) {}

  /// Which address of `X-Forwarded-For` counts.
  ///
  /// @param depth position from the right, from 1; 0 looks at `excludedIPs`
  /// @param excludedIPs the first address from the right that is not in these ranges counts
  /// @param ipv6Subnet prefix length that IPv6 addresses are cut to
  public record IpStrategy(int depth, List<String> excludedIPs, int ipv6Subnet) {
    /// Copies the list.
    public IpStrategy {
      excludedIPs = List.copyOf(excludedIPs);
    }
  }

  /// Whether anything is limited.
  ///
  /// @return false when the average is 0
  public boolean isOn() {
    return average > 0;
  }
}
