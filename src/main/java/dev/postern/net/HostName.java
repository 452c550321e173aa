package dev.postern.net;

import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A host: a name that DNS can carry, or an IP address.
///
/// Names follow DNS, Go and container engines, not `java.net.URI`: underscores are permitted
/// (`authentik_server`), and a name may end in a dot, which means that it is complete and no search
/// domain is tried. The spelling is kept.
///
/// @param text the name, or the address without brackets; an IPv6 address may have a zone
///   (`fe80::1%eth0`)
public record HostName(String text) {
  private static final int LONGEST_NAME = 253;
  private static final String LABEL = "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";
  private static final Pattern NAME = Pattern.compile(LABEL + "(\\." + LABEL + ")*\\.?");

  /// What resolvers accept as an address although it is not four decimal numbers: `127.1`,
  /// `0x7f000001`. Refused, because parsers disagree about its meaning.
  private static final Pattern NUMERIC =
      Pattern.compile("(0[xX][0-9A-Fa-f]*|[0-9]+)(\\.(0[xX][0-9A-Fa-f]*|[0-9]+))*\\.?");

  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}");
  private static final Pattern IPV6 =
      Pattern.compile("([0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*)(%[A-Za-z0-9._~-]+)?");

  /// @throws IllegalArgumentException if it is neither a name nor an address
  public HostName {
    if (!isAddress(text) && !isName(text)) {
      throw new IllegalArgumentException("neither a host name nor an IP address");
    }
  }

  /// Reads a host.
  ///
  /// @param text a name, or an address without brackets
  /// @return the host, or empty if the text is neither
  public static Optional<HostName> of(String text) {
    return isAddress(text) || isName(text) ? Optional.of(new HostName(text)) : Optional.empty();
  }

  /// Reads a host as it appears in a URL: IPv6 in brackets, with `%25` or a bare `%` before the
  /// zone (RFC 6874).
  ///
  /// @param text the part of the URL between the scheme or user and the port
  /// @return the host, or empty if the text is not one
  public static Optional<HostName> inUrl(String text) {
    if (!text.startsWith("[")) {
      return text.indexOf(':') >= 0 ? Optional.empty() : of(text);
    }
    if (!text.endsWith("]")) {
      return Optional.empty();
    }
    String inside = text.substring(1, text.length() - 1);
    return inside.indexOf(':') < 0 ? Optional.empty() : of(inside.replaceFirst("%25", "%"));
  }

  private static boolean isName(String text) {
    int length = text.endsWith(".") ? text.length() - 1 : text.length();
    return length <= LONGEST_NAME && NAME.matcher(text).matches() && !isNumeric(text);
  }

  private static boolean isNumeric(String text) {
    return NUMERIC.matcher(text).matches();
  }

  private static boolean isAddress(String text) {
    return IPV4.matcher(text).matches() || isIpv6(text);
  }

  private static boolean isIpv6(String text) {
    var matcher = IPV6.matcher(text);
    if (!matcher.matches()) {
      return false;
    }
    try {
      // Without its zone, which may not exist on this machine yet.
      InetAddress _ = InetAddress.ofLiteral(matcher.group(1));
      return true;
    } catch (IllegalArgumentException notAnAddress) {
      return false;
    }
  }

  /// Whether this is an IP address.
  public boolean isAddress() {
    return isAddress(text);
  }

  /// The zone of an IPv6 address: a network interface of this machine (RFC 4007).
  ///
  /// @return the zone, or null if there is none
  public @Nullable String zone() {
    int zone = text.indexOf('%');
    return zone < 0 ? null : text.substring(zone + 1);
  }

  /// Why the host cannot be found on this machine; for an address only its zone can be unknown.
  ///
  /// @return a clause without a full stop
  public String unknownHere() {
    String zone = zone();
    return zone == null
        ? "the name " + text + " cannot be resolved here"
        : "there is no network interface " + zone + " here";
  }

  /// The host as it appears in a URL or before a port: IPv6 in brackets.
  public String inUrl() {
    return text.indexOf(':') >= 0 ? "[" + text.replace("%", "%25") + "]" : text;
  }

  /// The host for a `Host` header: as in a URL, but without the zone, which is local to this
  /// machine (RFC 6874 section 1).
  public String inHeader() {
    return text.indexOf(':') >= 0 ? "[" + withoutZone() + "]" : text;
  }

  /// The name to send in TLS and to expect in the certificate, as in Go: in lower case, without a
  /// trailing dot. For an address it is the address without its zone.
  public String certificateName() {
    String whole = text.endsWith(".") ? text.substring(0, text.length() - 1) : withoutZone();
    return whole.toLowerCase(Locale.ROOT);
  }

  /// The name to send as TLS server name (RFC 6066 section 3).
  ///
  /// Go, and so Traefik, sends names with underscores; `javax.net.ssl.SNIHostName` refuses them,
  /// but a plain `SNIServerName` of type 0 accepts them.
  ///
  /// @return the name without its trailing dot, or null for an address, which the extension cannot
  ///   carry
  public @Nullable String sniName() {
    return isAddress() ? null : certificateName();
  }

  private String withoutZone() {
    int zone = text.indexOf('%');
    return zone < 0 ? text : text.substring(0, zone);
  }

  @Override
  public String toString() {
    return text;
  }
}
