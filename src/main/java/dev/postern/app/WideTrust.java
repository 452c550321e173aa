package dev.postern.app;

import dev.postern.config.EntryPointsConfig.AuthEntryPoint;
import dev.postern.config.EntryPointsConfig.AuthsEntryPoint;
import dev.postern.config.StaticConfig;
import dev.postern.net.AddressRange;
import java.util.ArrayList;
import java.util.List;

/// Finds ranges in `forwardedHeaders.trustedIPs` that are too large to belong to one owner.
///
/// A trusted peer may request the verdict of any request and receives the user's identity. A range
/// such as `0.0.0.0/0` grants that to anyone who can reach the entry point.
public final class WideTrust {
  /// The largest ranges that belong to one owner: 2^24 addresses, and an allocation of a registry.
  private static final int LEAST_BITS_V4 = 8;

  private static final int LEAST_BITS_V6 = 16;

  private static final List<AddressRange> NOT_PUBLIC =
      List.of(AddressRange.parse("fc00::/7"), AddressRange.parse("fe80::/10"));

  private WideTrust() {}

  /// Finds ranges that include too many peers.
  ///
  /// @return one sentence per range that is too wide
  public static List<String> warnings(StaticConfig config) {
    List<String> warnings = new ArrayList<>();
    AuthEntryPoint auth = config.entryPoints().auth();
    if (auth != null) {
      add("auth", auth.forwardedHeaders().trustedIPs(), warnings);
    }
    AuthsEntryPoint auths = config.entryPoints().auths();
    if (auths != null) {
      add("auths", auths.forwardedHeaders().trustedIPs(), warnings);
    }
    return warnings;
  }

  private static void add(String entryPoint, List<String> ranges, List<String> warnings) {
    for (String range : ranges) {
      if (isWide(AddressRange.parse(range))) {
        warnings.add(
            "entryPoints.%s.forwardedHeaders.trustedIPs has %s, which trusts anyone who can reach this entry point: they can read users' identities and act in their name; list only the addresses of Traefik"
                .formatted(entryPoint, range));
      }
    }
  }

  private static boolean isWide(AddressRange range) {
    boolean isV4 = range.network().getAddress().length == 4;
    boolean isPublic =
        NOT_PUBLIC.stream()
            .noneMatch(known ->
                known.contains(range.network()) && range.prefixLength() >= known.prefixLength());
    return isPublic && range.prefixLength() < (isV4 ? LEAST_BITS_V4 : LEAST_BITS_V6);
  }
}
