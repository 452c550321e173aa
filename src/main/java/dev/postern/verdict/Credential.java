package dev.postern.verdict;

import dev.postern.net.CredentialCookies;
import dev.postern.net.Percent;
import dev.postern.net.RequestHeaders;
import org.jspecify.annotations.Nullable;

/// The cookies and the `Authorization` of a request that can change its verdict, as raw bytes.
///
/// Secret: [#toString] never prints it.
public final class Credential {
  private final CredentialCookies cookies;
  private final @Nullable String authorization;
  private final boolean ambiguous;

  private Credential(CredentialCookies cookies, @Nullable String authorization, boolean ambiguous) {
    this.cookies = cookies;
    this.authorization = authorization;
    this.ambiguous = ambiguous;
  }

  /// Reads a request's credential.
  public static Credential of(RequestHeaders headers, Preset preset) {
    CredentialCookies cookies = CredentialCookies.of(headers, preset.cookiePrefix());
    return new Credential(
        cookies,
        headers.first("Authorization"),
        cookies.isAmbiguous() || headers.count("Authorization") > 1);
  }

  /// Whether the request carries nothing that could identify a user.
  public boolean isEmpty() {
    return cookies.count() == 0 && authorization == null;
  }

  /// Whether two parsers could read it differently (invariant 8).
  boolean isAmbiguous() {
    return ambiguous;
  }

  boolean hasAuthorization() {
    return authorization != null;
  }

  /// Number of session cookies.
  int cookieCount() {
    return cookies.count();
  }

  /// Adds the whole credential to a key.
  void addTo(KeyedDigest digest) {
    digest.number(cookies.count());
    for (int i = 0; i < cookies.count(); i++) {
      digest
          .part(cookies.line(i), cookies.nameStart(i), cookies.nameEnd(i))
          .part(
              cookies.line(i),
              Math.min(cookies.nameEnd(i) + 1, cookies.valueEnd(i)),
              cookies.valueEnd(i));
    }
    if (authorization == null) {
      digest.number(0);
    } else {
      digest.number(1).part(authorization);
    }
  }

  /// One tag per cookie value, or one for the `Authorization` if there is no cookie; events find
  /// entries by these tags. Beside cookies, `Authorization` gets no tag: a session takes precedence
  /// over it (trap 11), so it may not have influenced the allow, and many users may send the same
  /// one. The cookie name is left out because one value can appear under several names. Characters
  /// that a lenient parser ignores around a value are left out and escapes are decoded (trap 22),
  /// because an event may spell the value differently from the request that produced the entry
  /// (docs/design/authentik.md section 2.1).
  long[] tags(Tags tags) {
    if (cookies.count() == 0 && authorization != null) {
      return new long[] {tags.authorization(authorization)};
    }
    long[] all = new long[cookies.count()];
    for (int i = 0; i < all.length; i++) {
      all[i] = cookieTag(tags, i);
    }
    return all;
  }

  private long cookieTag(Tags tags, int index) {
    String line = cookies.line(index);
    int start = Math.min(cookies.nameEnd(index) + 1, cookies.valueEnd(index));
    int end = cookies.valueEnd(index);
    while (start < end && isIgnored(line.charAt(start))) {
      start++;
    }
    while (start < end && isIgnored(line.charAt(end - 1))) {
      end--;
    }
    if (line.indexOf('%', start, end) >= 0) {
      String decoded = Percent.decode(line.substring(start, end));
      if (decoded != null) {
        return tags.cookie(decoded, 0, decoded.length());
      }
    }
    return tags.cookie(line, start, end);
  }

  private static boolean isIgnored(char c) {
    return c <= ' ' || c == '"';
  }

  @Override
  public String toString() {
    return "Credential";
  }
}
