package dev.postern.verdict;

import dev.postern.net.CredentialCookies;
import dev.postern.net.Percent;
import dev.postern.net.RequestHeaders;
import org.jspecify.annotations.Nullable;

/// The cookies and the `Authorization` of a request that can change its verdict, as raw bytes.
///
/// Never printed.
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
  ///
  /// @param headers the request's headers
  /// @param preset names the cookies
  /// @return the credential
  public static Credential of(RequestHeaders headers, Preset preset) {
    CredentialCookies cookies = CredentialCookies.of(headers, preset.cookiePrefix());
    return new Credential(
        cookies,
        headers.first("Authorization"),
        cookies.isAmbiguous() || headers.count("Authorization") > 1);
  }

  /// Whether there is none at all.
  ///
  /// @return whether the request carries nothing that could identify anybody
  public boolean isEmpty() {
    return cookies.count() == 0 && authorization == null;
  }

  /// Whether two programs could read it differently (invariant 8).
  boolean isAmbiguous() {
    return ambiguous;
  }

  /// Whether an `Authorization` header is part of it.
  boolean hasAuthorization() {
    return authorization != null;
  }

  /// How many session cookies it has.
  int cookieCount() {
    return cookies.count();
  }

  /// Adds all of it to a key.
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

  /// One tag for each cookie value, or one for the `Authorization` where there is no cookie: what
  /// an event about any of them finds. Beside cookies an `Authorization` may have had no part in an
  /// allow, because a session wins over it (trap 11), and many people may send the same one. The
  /// cookie's name is left out because one value can stand under several names
  /// (docs/design/authentik.md section 2.1), and what a lenient reader ignores around a value or
  /// decodes in it (trap 22, docs/design/authentik.md section 2.1) is left out because an event may
  /// spell it otherwise than the request that has earned the entry.
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
