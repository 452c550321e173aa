package dev.postern.accesslog.line;

import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/// Common Log Format with Traefik's additions, or without them (`genericCLF`;
/// docs/design/traefik.md section 3.3).
///
/// Control characters, which Go's server always rejects, are escaped, so that a peer cannot start a
/// line of its own.
final class CommonFormat implements LineFormat {
  private static final String ABSENT = "-";
  private static final String QUOTED_ABSENT = "\"-\"";
  private static final String HEX = "0123456789abcdef";

  private final Selection selection;
  private final TimeTexts utc = TimeTexts.utc();
  private final TimeTexts local;
  private final boolean extended;

  CommonFormat(Selection selection, ZoneId zone, boolean extended) {
    this.selection = selection;
    this.local = TimeTexts.in(zone);
    this.extended = extended;
  }

  @Override
  public void append(FieldSource source, Instant now, StringBuilder out) {
    plain(selection.value(source, Field.CLIENT_HOST), out);
    out.append(" - ");
    user(selection.value(source, Field.CLIENT_USERNAME), out);
    out.append(" [").append(time(source)).append("] \"");
    plain(selection.value(source, Field.REQUEST_METHOD), out);
    out.append(' ');
    plain(selection.value(source, Field.REQUEST_PATH), out);
    out.append(' ');
    plain(selection.value(source, Field.REQUEST_PROTOCOL), out);
    out.append("\" ");
    plain(selection.value(source, Field.DOWNSTREAM_STATUS), out);
    out.append(' ');
    plain(selection.value(source, Field.DOWNSTREAM_CONTENT_SIZE), out);
    out.append(' ');
    quoted(selection.requestHeader(source, "Referer"), out);
    out.append(' ');
    quoted(selection.requestHeader(source, "User-Agent"), out);
    if (extended) {
      out.append(' ');
      plain(selection.value(source, Field.REQUEST_COUNT), out);
      out.append(' ');
      quoted(selection.value(source, Field.ROUTER_NAME), out);
      out.append(' ');
      quoted(selection.value(source, Field.SERVICE_URL), out);
      out.append(' ').append(millis(source)).append("ms");
    }
    out.append('\n');
  }

  private String time(FieldSource source) {
    if (selection.value(source, Field.START_UTC) instanceof Instant start) {
      return utc.clf(start);
    }
    return selection.value(source, Field.START_LOCAL) instanceof Instant start
        ? local.clf(start)
        : ABSENT;
  }

  private long millis(FieldSource source) {
    return selection.value(source, Field.DURATION) instanceof Long nanos ? nanos / 1_000_000 : 0;
  }

  /// The user name is chosen by a user and written without quotes: one that contains quotes could
  /// imitate the rest of a line. Traefik writes it unchanged.
  static void user(@Nullable Object value, StringBuilder out) {
    String text = value == null ? "" : value.toString();
    if (text.isEmpty()) {
      out.append(ABSENT);
    } else {
      visible(text.replace("\t", "\\t"), true, out);
    }
  }

  static void plain(@Nullable Object value, StringBuilder out) {
    String text = value == null ? "" : value.toString();
    if (text.isEmpty()) {
      out.append(ABSENT);
    } else {
      visible(text, false, out);
    }
  }

  static void quoted(@Nullable Object value, StringBuilder out) {
    String text = value == null ? "" : value.toString();
    if (text.isEmpty()) {
      out.append(QUOTED_ABSENT);
    } else {
      out.append('"');
      visible(text, true, out);
      out.append('"');
    }
  }

  private static void visible(String text, boolean escapesQuotes, StringBuilder out) {
    int plain = plainLength(text);
    out.append(text, 0, plain);
    for (int i = plain; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' && escapesQuotes) {
        out.append("\\\"");
      } else if ((c < ' ' && c != '\t') || c == 0x7f) {
        hex(c, out);
      } else if (c < 0x80 || c > 0xff) {
        out.append(c);
      } else {
        int length = utf8Length(text, i);
        encoded(text.substring(i, i + length), out);
        i += length - 1;
      }
    }
  }

  /// Length of the prefix that needs no escaping; for most texts all of it.
  private static int plainLength(String text) {
    int length = text.length();
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c < ' ' || c >= 0x7f || c == '"') {
        return i;
      }
    }
    return length;
  }

  /// Appends one UTF-8 character, or an invalid byte. Terminals treat U+0080 to U+009F as control
  /// characters, both as characters and as bytes.
  private static void encoded(String bytes, StringBuilder out) {
    boolean isControl =
        bytes.length() == 1
            ? bytes.charAt(0) <= 0x9f
            : bytes.charAt(0) == 0xc2 && bytes.charAt(1) <= 0x9f;
    if (isControl) {
      bytes.chars().forEach(octet -> hex((char) octet, out));
    } else {
      out.append(bytes);
    }
  }

  /// Length in bytes of the character at a position; 1 for a byte that begins none.
  private static int utf8Length(String text, int at) {
    char lead = text.charAt(at);
    int length = lead < 0xc2 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 1;
    if (at + length > text.length()) {
      return 1;
    }
    for (int i = at + 1; i < at + length; i++) {
      if (text.charAt(i) < 0x80 || text.charAt(i) > 0xbf) {
        return 1;
      }
    }
    return length;
  }

  private static void hex(char octet, StringBuilder out) {
    out.append("\\x").append(HEX.charAt(octet >> 4)).append(HEX.charAt(octet & 15));
  }
}
