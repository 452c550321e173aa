package dev.postern.server.limit;

import dev.postern.config.LoginLimitConfig.IpStrategy;
import dev.postern.config.LoginLimitConfig.SourceCriterion;
import dev.postern.net.AddressRange;
import dev.postern.net.ForwardedFor;
import dev.postern.net.RequestHeaders;
import dev.postern.routing.HostSpelling;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds the client that a request is counted for, as Traefik's `sourceCriterion` does. Every limit
/// per client uses this class, so that all of them agree on who the client is.
///
/// Positions count in the `X-Forwarded-For` that Postern receives. Its last element is the peer
/// that Traefik saw (docs/design/traefik.md section 1.3), which Traefik's own `rateLimit` does not
/// see in it yet: a depth here is one more than the same depth there. If the list is too short or
/// has nothing else, the last element counts, because only Traefik writes it; Traefik would count
/// all such clients together.
public final class Clients {
  private static final String FORWARDED_FOR = "X-Forwarded-For";

  /// Maximum number of elements that are read; no chain of proxies is that long.
  private static final int MAX_ELEMENTS = 1024;

  private final SourceCriterion criterion;
  private final IpStrategy strategy;
  private final List<AddressRange> excluded;

  /// @param criterion how requests are assigned to clients
  public Clients(SourceCriterion criterion) {
    this.criterion = criterion;
    strategy = criterion.ipStrategy();
    excluded = strategy.excludedIPs().stream().map(AddressRange::parse).toList();
  }

  /// The key under which a request's logins are counted. A host name is normalized, because the
  /// client chooses its spelling.
  ///
  /// @param headers headers of a request from a trusted peer
  /// @param peer the peer's address, for requests without `X-Forwarded-For`
  String loginKey(RequestHeaders headers, String peer) {
    String header = criterion.requestHeaderName();
    if (header != null) {
      return orEmpty(headers.first(header));
    }
    return criterion.requestHost()
        ? HostSpelling.plain(orEmpty(headers.first("X-Forwarded-Host")))
        : network(ForwardedFor.address(element(headers, peer)));
  }

  /// The client's address, for limits per client: from the header that names the client, otherwise
  /// from `X-Forwarded-For`, even if logins are counted by host. IPv6 is reduced to its network.
  ///
  /// @param headers headers of a request from a trusted peer
  /// @param peer the peer's address, for requests without `X-Forwarded-For`
  /// @return an address or network as text, without port and brackets; text that is not an address
  ///   is returned unchanged
  public String address(RequestHeaders headers, String peer) {
    String header = criterion.requestHeaderName();
    String named = header == null ? null : headers.first(header);
    String element = named == null || named.isBlank() ? element(headers, peer) : named;
    return network(ForwardedFor.address(element));
  }

  private static String orEmpty(@Nullable String value) {
    return value == null ? "" : value;
  }

  /// Reads from the right, only as far as needed: the left part comes from the client, who may send
  /// a mebibyte of it.
  private String element(RequestHeaders headers, String peer) {
    List<String> lines = headers.values(FORWARDED_FOR);
    if (lines.stream().allMatch(String::isBlank)) {
      return peer;
    }
    String last = null;
    int position = 0;
    for (int line = lines.size() - 1; line >= 0; line--) {
      String list = lines.get(line);
      int end = list.length();
      while (end >= 0 && position < MAX_ELEMENTS) {
        int comma = list.lastIndexOf(',', end - 1);
        String element = list.substring(comma + 1, end).strip();
        last = last == null ? element : last;
        if (counts(element, ++position)) {
          return element;
        }
        end = comma;
      }
    }
    return last == null ? peer : last;
  }

  private boolean counts(String element, int position) {
    return strategy.depth() > 0
        ? position == strategy.depth()
        : !element.isEmpty() && !isExcluded(element);
  }

  private boolean isExcluded(String element) {
    if (excluded.isEmpty()) {
      return false;
    }
    InetAddress address = parsed(ForwardedFor.address(element));
    return address != null && excluded.stream().anyMatch(range -> range.contains(address));
  }

  /// IPv6 is counted by network, because one subscriber has a whole one (RFC 6177).
  private String network(String text) {
    InetAddress address = text.indexOf(':') < 0 ? null : parsed(text);
    if (!(address instanceof Inet6Address)) {
      return text;
    }
    byte[] bytes = address.getAddress();
    for (int bit = strategy.ipv6Subnet(); bit < 8 * bytes.length; bit++) {
      bytes[bit / 8] &= (byte) ~(0x80 >> (bit % 8));
    }
    return HexFormat.of().formatHex(bytes);
  }

  private static @Nullable InetAddress parsed(String text) {
    try {
      return InetAddress.ofLiteral(text);
    } catch (IllegalArgumentException noAddress) {
      return null;
    }
  }
}
