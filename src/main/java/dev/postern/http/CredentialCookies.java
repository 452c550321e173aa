package dev.postern.http;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The cookies of a request that belong to its credential: every pair whose name begins with a
/// prefix, in order, as positions in the raw `Cookie` lines.
///
/// The reading is strict, because upstreams differ (authentik-contract 10, traps 22 and 23): a name
/// that occurs twice, a value outside RFC 6265's cookie octets, or the prefix anywhere but at the
/// start of a well-formed pair makes the whole credential ambiguous. Nothing is decoded, unquoted
/// or copied.
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
  /// @param headers the request's headers
  /// @param prefix lower-case beginning of the cookie names
  /// @return the cookies, perhaps none
  public static CredentialCookies of(RequestHeaders headers, String prefix) {
    int lineCount = headers.count(COOKIE);
    if (lineCount == 0) {
      return NONE;
    }
    CredentialCookies cookies = new CredentialCookies();
    for (int i = 0; i < lineCount; i++) {
      cookies.scan(headers.value(COOKIE, i), prefix);
    }
    cookies.ambiguous |= cookies.hasDuplicate();
    return cookies;
  }

  /// How many there are.
  ///
  /// @return number of pairs
  public int count() {
    return count;
  }

  /// Whether two programs could read these cookies differently.
  ///
  /// @return true if nothing may be concluded from them
  public boolean isAmbiguous() {
    return ambiguous;
  }

  /// Whether there are more than any browser would send: each is worth an event of its own, and so
  /// a client's way to make work.
  ///
  /// @return whether such a request is to be refused
  public boolean isOversized() {
    return count > MAX_PAIRS;
  }

  /// The raw `Cookie` line that holds a pair.
  ///
  /// @param index number of the pair
  /// @return the whole line
  public String line(int index) {
    String line = lines[index];
    if (line == null) {
      throw new IndexOutOfBoundsException(index);
    }
    return line;
  }

  /// Where a pair's name begins.
  ///
  /// @param index number of the pair
  /// @return position in its line
  public int nameStart(int index) {
    return bounds[3 * index];
  }

  /// Where a pair's name ends, the position of its equals sign.
  ///
  /// @param index number of the pair
  /// @return position in its line
  public int nameEnd(int index) {
    return bounds[3 * index + 1];
  }

  /// Where a pair's value ends; it begins behind the equals sign.
  ///
  /// @param index number of the pair
  /// @return position in its line
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
      // The prefix inside another pair is somebody's trick or a parser's quarrel.
      ambiguous |= containsIgnoreCase(line, name, end, prefix);
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
      ambiguous |= !ForwardedSyntax.isTokenChar(line.charAt(i));
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

  /// More session cookies than a browser would hold for one domain; comparing them pair by pair
  /// would be a client's way to burn time.
  private static final int MAX_PAIRS = 64;

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  /// RFC 6265 section 4.1.1.
  private static boolean isCookieOctet(char c) {
    return c > ' ' && c < 0x7f && c != '"' && c != ',' && c != ';' && c != '\\';
  }

  private static boolean containsIgnoreCase(String line, int from, int to, String word) {
    char first = word.charAt(0);
    for (int i = from; i <= to - word.length(); i++) {
      if ((line.charAt(i) | 0x20) == first && line.regionMatches(true, i, word, 0, word.length())) {
        return true;
      }
    }
    return false;
  }
}
