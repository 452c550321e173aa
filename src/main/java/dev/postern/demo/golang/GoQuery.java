package dev.postern.demo.golang;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Go's `url.Query().Get`, `url.QueryEscape` and `url.Values.Encode` on byte strings.
public final class GoQuery {
  private GoQuery() {}

  /// The first value of a name. A pair with a semicolon or with a broken escape is skipped; the
  /// name is compared after decoding and with its case.
  ///
  /// @param query the raw query
  /// @param name the decoded name
  /// @return the decoded value, empty if there is no such pair
  public static String get(String query, String name) {
    for (String pair : query.split("&", -1)) {
      if (pair.isEmpty() || pair.indexOf(';') >= 0) {
        continue;
      }
      int equals = pair.indexOf('=');
      Optional<String> key = unescape(equals < 0 ? pair : pair.substring(0, equals));
      Optional<String> value = unescape(equals < 0 ? "" : pair.substring(equals + 1));
      if (key.isPresent() && value.isPresent() && key.get().equals(name)) {
        return value.get();
      }
    }
    return "";
  }

  /// Decodes one component of a query.
  ///
  /// @param text the escaped text
  /// @return the decoded bytes, nothing if an escape is broken
  public static Optional<String> unescape(String text) {
    return Percent.decode(text, true);
  }

  /// Escapes text, given as a byte string, for use in a query.
  ///
  /// @param text the bytes
  /// @return unreserved characters as they are, spaces as plus signs, the rest as escapes
  public static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Percent.isUnreserved(c)) {
        escaped.append(c);
      } else if (c == ' ') {
        escaped.append('+');
      } else {
        Percent.append(escaped, c);
      }
    }
    return escaped.toString();
  }

  /// Encodes pairs in the given order.
  ///
  /// @param pairs names and values as byte strings
  /// @return the query
  public static String encode(Collection<Map.Entry<String, String>> pairs) {
    List<String> parts =
        pairs.stream().map(p -> escape(p.getKey()) + "=" + escape(p.getValue())).toList();
    return String.join("&", parts);
  }

  /// The UTF-8 bytes of a text as a byte string.
  ///
  /// @param text any text
  /// @return one character a byte
  public static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /// The text behind a byte string in UTF-8.
  ///
  /// @param bytes one character a byte
  public static String text(String bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(bytes.length());
    out.writeBytes(bytes.getBytes(StandardCharsets.ISO_8859_1));
    return out.toString(StandardCharsets.UTF_8);
  }
}
