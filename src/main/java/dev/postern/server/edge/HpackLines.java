package dev.postern.server.edge;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.postern.net.HeaderVisitor;
import dev.postern.verdict.CacheStatus;
import dev.postern.verdict.Entry;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes heads of HTTP/2 responses as literals without indexing (RFC 7541 section 6.2.2).
///
/// Header values of verdicts are tokens of one user: an index would not help the next response, and
/// would keep other users' secrets. Repeated names are cached in encoded form. Used on one event
/// loop only.
final class HpackLines implements HeaderVisitor {
  /// Names come from the upstream, which may derive them from user attributes: limit the cache.
  private static final int MAX_NAMES = 1024;

  /// Longer than the names of real headers. So the cached names stay below a quarter of a MiB.
  private static final int MAX_NAME_LENGTH = 64;

  private static final int STATUS_NAME = 8;
  private static final String NO_LENGTH = "0";

  private final HeadBytes out;
  private final Map<String, byte[]> names = new HashMap<>();

  HpackLines(HeadBytes out) {
    this.out = out;
  }

  /// Writes the head of a response from a cache entry.
  void entry(Entry entry, @Nullable String echoedValue, CacheStatus status, String date) {
    status(entry.status());
    entry.forEach(this::stored);
    String echoed = entry.echoedHeader();
    if (echoed != null) {
      line(echoed, echoedValue == null ? "" : echoedValue);
    }
    line(SentLines.CACHE_STATUS, status.text());
    if (entry.status() != 204) {
      line("content-length", NO_LENGTH);
    }
    line("date", date);
  }

  void head(ResponseHead head) {
    status(head.status());
    head.lines().forEach(this);
  }

  /// Writes `:status`: indexed if the static table has it (RFC 7541 appendix A).
  void status(int status) {
    int index =
        switch (status) {
          case 200 -> 8;
          case 204 -> 9;
          case 206 -> 10;
          case 304 -> 11;
          case 400 -> 12;
          case 404 -> 13;
          case 500 -> 14;
          default -> 0;
        };
    if (index > 0) {
      out.octet(0x80 | index);
    } else {
      out.octet(STATUS_NAME);
      length(3);
      out.text(Integer.toString(status));
    }
  }

  /// Writes a line that was validated when its entry was created.
  private void stored(String name, String value) {
    out.octets(name(name));
    length(value.length());
    out.text(value);
  }

  @Override
  public void line(String name, String value) {
    out.octets(name(name));
    length(value.length());
    out.guardedText(value);
  }

  private byte[] name(String name) {
    byte[] known = names.get(name);
    if (known == null) {
      known = literal(name);
      if (names.size() < MAX_NAMES && name.length() <= MAX_NAME_LENGTH) {
        names.put(name, known);
      }
    }
    return known;
  }

  /// Total length of the cached names, for tests.
  int keptLength() {
    return names.keySet().stream().mapToInt(String::length).sum();
  }

  private static byte[] literal(String name) {
    HeadBytes bytes = new HeadBytes();
    bytes.octet(0);
    byte[] lower = name.toLowerCase(Locale.ROOT).getBytes(ISO_8859_1);
    integer(bytes, lower.length);
    bytes.octets(lower);
    return bytes.copy();
  }

  /// Writes the length of a string without Huffman coding.
  private void length(int value) {
    integer(out, value);
  }

  /// Writes an integer with a prefix of seven bits (RFC 7541 section 5.1).
  private static void integer(HeadBytes target, int value) {
    if (value < 127) {
      target.octet(value);
      return;
    }
    target.octet(127);
    int rest = value - 127;
    while (rest >= 128) {
      target.octet((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    target.octet(rest);
  }
}
