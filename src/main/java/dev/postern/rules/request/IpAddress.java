package dev.postern.rules.request;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// An IP address as Go's `netip.ParseAddr` parses it: no leading zeros in IPv4, no zone. IPv4 is
/// stored as IPv4-mapped IPv6, so both spellings of an address are equal.
public final class IpAddress {
  private static final int V4_OFFSET = 12;

  private final byte[] bytes;
  private final boolean dotted;

  private IpAddress(byte[] bytes, boolean dotted) {
    this.bytes = bytes;
    this.dotted = dotted;
  }

  /// Parses the address of a peer.
  ///
  /// @param text an address with or without port; a zone is ignored
  /// @return the address, or null if the text contains none
  public static @Nullable IpAddress ofPeer(String text) {
    String host = CanonicalHost.withoutPort(text);
    int zone = host.indexOf('%');
    return parse(zone < 0 ? host : host.substring(0, zone));
  }

  /// Parses an address.
  ///
  /// @param text IPv4 in dotted form or IPv6 without brackets and zone
  /// @return the address, or null if the text is not valid
  public static @Nullable IpAddress parse(String text) {
    byte[] bytes = new byte[16];
    if (text.indexOf(':') < 0) {
      bytes[10] = -1;
      bytes[11] = -1;
      return readV4(text, bytes, V4_OFFSET) ? new IpAddress(bytes, true) : null;
    }
    return readV6(text, bytes) ? new IpAddress(bytes, false) : null;
  }

  /// The length in bits of an address in this notation: 32 or 128.
  int bitLength() {
    return dotted ? 32 : 128;
  }

  boolean isV4() {
    for (int i = 0; i < 10; i++) {
      if (bytes[i] != 0) {
        return false;
      }
    }
    return bytes[10] == -1 && bytes[11] == -1;
  }

  byte at(int index) {
    return bytes[index];
  }

  /// This address with all but the first `bits` of its 128 bits cleared.
  IpAddress masked(int bits) {
    byte[] result = bytes.clone();
    for (int i = 0; i < result.length; i++) {
      int kept = Math.clamp(bits - 8L * i, 0, 8);
      result[i] = (byte) (result[i] & (0xFF00 >> kept));
    }
    return new IpAddress(result, dotted);
  }

  private static boolean readV4(String text, byte[] target, int offset) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return false;
    }
    for (int i = 0; i < 4; i++) {
      String part = parts[i];
      boolean digits = part.chars().allMatch(c -> c >= '0' && c <= '9');
      if (!digits
          || part.isEmpty()
          || part.length() > 3
          || (part.length() > 1 && part.startsWith("0"))) {
        return false;
      }
      int value = Integer.parseInt(part);
      if (value > 255) {
        return false;
      }
      target[offset + i] = (byte) value;
    }
    return true;
  }

  private static boolean readV6(String text, byte[] target) {
    int gap = text.indexOf("::");
    if (gap < 0) {
      return readGroups(text, target, 0) == 16;
    }
    String before = text.substring(0, gap);
    String after = text.substring(gap + 2);
    if (before.indexOf('.') >= 0) {
      return false;
    }
    byte[] tail = new byte[16];
    int head = before.isEmpty() ? 0 : readGroups(before, target, 0);
    int rest = after.isEmpty() ? 0 : readGroups(after, tail, 0);
    if (head < 0 || rest < 0 || head + rest > 14) {
      return false;
    }
    System.arraycopy(tail, 0, target, 16 - rest, rest);
    return true;
  }

  /// Parses groups separated by single colons, the last of which may be IPv4.
  ///
  /// @return the number of bytes parsed, or -1
  private static int readGroups(String text, byte[] target, int offset) {
    String[] groups = text.split(":", -1);
    int at = offset;
    for (int i = 0; i < groups.length; i++) {
      String group = groups[i];
      if (i == groups.length - 1 && group.indexOf('.') >= 0) {
        return at + 4 <= 16 && readV4(group, target, at) ? at + 4 : -1;
      }
      boolean hex = group.chars().allMatch(c -> c < 0x80 && Character.digit(c, 16) >= 0);
      if (!hex || group.isEmpty() || group.length() > 4 || at + 2 > 16) {
        return -1;
      }
      int value = Integer.parseInt(group, 16);
      target[at++] = (byte) (value >> 8);
      target[at++] = (byte) value;
    }
    return at;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof IpAddress that && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }
}
