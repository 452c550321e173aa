package dev.postern.config.key;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Addresses and CIDR ranges as text, checked without DNS lookups.
final class IpRange {
  private static final Pattern V4 = Pattern.compile("((0|[1-9]\\d{0,2})\\.){3}(0|[1-9]\\d{0,2})");
  private static final Pattern V6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
  private static final Pattern PREFIX = Pattern.compile("0|[1-9]\\d{0,2}");

  private IpRange() {}

  /// Returns the text unchanged if it is an address or a range.
  static String check(String text) throws BadValueException {
    int slash = text.indexOf('/');
    InetAddress address = addressOf(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      throw BadValueException.of(
          text, "is not an address or CIDR range; write 10.0.0.0/8, 192.0.2.7 or 2001:db8::/32");
    }
    // The JDK turns ::ffff:10.0.0.1 into an IPv4 address, but the text counts its prefix from 96
    // on.
    boolean isV6Text = text.indexOf(':') >= 0;
    int least = isV6Text && address instanceof Inet4Address ? 96 : 0;
    int most = isV6Text ? 128 : 32;
    String length = slash < 0 ? String.valueOf(most) : text.substring(slash + 1);
    if (!PREFIX.matcher(length).matches() || !isBetween(Integer.parseInt(length), least, most)) {
      throw BadValueException.of(
          text, "has a prefix length that is not from %d to %d".formatted(least, most));
    }
    return text;
  }

  private static boolean isBetween(int value, int least, int most) {
    return value >= least && value <= most;
  }

  /// The address of a literal, or null if the text is not one.
  static @Nullable InetAddress addressOf(String literal) {
    if (!V4.matcher(literal).matches() && !V6.matcher(literal).matches()) {
      return null;
    }
    try {
      return InetAddress.ofLiteral(literal);
    } catch (IllegalArgumentException _) {
      return null;
    }
  }
}
