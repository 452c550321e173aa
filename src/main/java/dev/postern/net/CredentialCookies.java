package dev.postern.net;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The cookies of a request that belong to its credential: every pair whose name begins with a
/// prefix, in order, as positions in the raw `Cookie` lines.
///
/// Parsing is strict, because upstreams differ (traps 22 and 23; some decode percent escapes in
/// names, docs/design/authentik.md section 2.1). The whole credential is ambiguous if some parser
/// could find other session cookies than these: a duplicate name or a name with an escape, a value
/// outside RFC 6265's cookie octets, the prefix, raw or percent-decoded, anywhere but at the start
/// of a well-formed pair, or more pairs than are compared. Other cookies do not matter, whatever
/// they look like. Nothing is decoded, unquoted or copied.
public final class CredentialCookies {
  private static final String COOKIE = "Cookie";
  private static final CredentialCookies NONE = new CredentialCookies();

  private @Nullable String[] lines = new String[1];
  private int[] bounds = new int[3];
  private int count;
  private boolean ambiguous;

  private CredentialCookies() {}

  /// Finds the credential's cookies.
  ///
  /// @param prefix lower-case prefix of the cookie names
  public static CredentialCookies of(RequestHeaders headers, String prefix) {
    int lineCount = headers.count(COOKIE);
    if (lineCount == 0) {
      return NONE;
    }
    CredentialCookies cookies = new CredentialCookies();
    String only = lineCount == 1 ? headers.first(COOKIE) : null;
    if (only != null) {
      // No list is allocated in the usual case; this runs on every hit.
      cookies.scan(only, prefix);
    } else {
      headers.values(COOKIE).forEach(line -> cookies.scan(line, prefix));
    }
    cookies.ambiguous |= cookies.hasDuplicate();
    return cookies;
  }

  /// Number of pairs.
  public int count() {
    return count;
  }

  /// Whether two parsers could read these cookies differently.
  public boolean isAmbiguous() {
    return ambiguous;
  }

  /// The raw `Cookie` line that holds a pair.
  public String line(int index) {
    String line = lines[index];
    if (line == null) {
      throw new IndexOutOfBoundsException(index);
    }
    return line;
  }

  /// Position in its line where a pair's name begins.
  public int nameStart(int index) {
    return bounds[3 * index];
  }

  /// Position in its line where a pair's name ends, which is its equals sign.
  public int nameEnd(int index) {
    return bounds[3 * index + 1];
  }

  /// Position in its line where a pair's value ends; it begins after the equals sign.
  public int valueEnd(int index) {
    return bounds[3 * index + 2];
  }

  private void scan(String line, String prefix) {
    int start = 0;
    while (start <= line.length()) {
      int semicolon = line.indexOf(';', start);
      int end = semicolon < 0 ? line.length() : semicolon;
      int name = start;
      while (name < end && isBlank(line.charAt(name))) {
        name++;
      }
      if (line.regionMatches(true, name, prefix, 0, prefix.length())) {
        add(line, prefix, name, end);
        name += prefix.length();
      }
      // The prefix anywhere else is an attack, or something that parsers read differently.
      ambiguous = ambiguous || occurs(line, name, end, prefix);
      start = end + 1;
    }
  }

  private void add(String line, String prefix, int nameStart, int end) {
    int equals = line.indexOf('=', nameStart);
    if (equals < 0 || equals > end) {
      ambiguous = true;
      equals = end;
    }
    ambiguous |= !line.startsWith(prefix, nameStart);
    for (int i = nameStart; i < equals; i++) {
      char c = line.charAt(i);
      ambiguous |= c == '%' || !ForwardedSyntax.isTokenChar(c);
    }
    for (int i = equals + 1; i < end; i++) {
      ambiguous |= !isCookieOctet(line.charAt(i));
    }
    if (count == lines.length) {
      lines = Arrays.copyOf(lines, 2 * count);
      bounds = Arrays.copyOf(bounds, 6 * count);
    }
    lines[count] = line;
    bounds[3 * count] = nameStart;
    bounds[3 * count + 1] = equals;
    bounds[3 * count + 2] = end;
    count++;
  }

  private boolean hasDuplicate() {
    if (count > MAX_PAIRS) {
      return true;
    }
    for (int i = 0; i < count; i++) {
      for (int j = i + 1; j < count; j++) {
        int length = nameEnd(i) - nameStart(i);
        if (length == nameEnd(j) - nameStart(j)
            && line(i).regionMatches(nameStart(i), line(j), nameStart(j), length)) {
          return true;
        }
      }
    }
    return false;
  }

  /// Comparing more pairs would let a client waste CPU time. Browsers may hold more, if many
  /// applications have set a cookie on their common domain.
  private static final int MAX_PAIRS = 64;

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  /// RFC 6265 section 4.1.1.
  private static boolean isCookieOctet(char c) {
    return c > ' ' && c < 0x7f && c != '"' && c != ',' && c != ';' && c != '\\';
  }

  private static boolean occurs(String line, int from, int to, String prefix) {
    char first = prefix.charAt(0);
    for (int i = from; i <= to - prefix.length(); i++) {
      char c = line.charAt(i);
      if (((c | 0x20) == first || c == '%') && Percent.matchesAt(line, i, prefix)) {
        return true;
      }
    }
    return false;
  }
}
