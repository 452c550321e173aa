package dev.postern.verdict;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postern.net.HeaderLines;
import org.jspecify.annotations.Nullable;

/// Reads an upstream response as a verdict.
public final class VerdictReader {
  private final Preset preset;
  private final TokenReader tokens;

  public VerdictReader(Preset preset, TokenReader tokens) {
    this.preset = preset;
    this.tokens = tokens;
  }

  /// Classifies a response.
  ///
  /// @param hasCredential whether the request carried a credential; without one an identity in the
  ///   response is not trusted, and with one an allow without identity is not an open path
  public Verdict read(UpstreamResponse response, boolean hasCredential) {
    int status = response.status();
    if (preset.allowStatuses().contains(status)) {
      return allow(response, hasCredential);
    }
    if (status >= 500) {
      return new Verdict.Unavailable(response, Verdict.Fault.UPSTREAM_ERROR);
    }
    if (status == 401 || status == 403) {
      return new Verdict.Deny(response);
    }
    return Verdict.Challenge.isStatus(status)
        ? new Verdict.Challenge(response)
        : new Verdict.Other(response);
  }

  private Verdict allow(UpstreamResponse response, boolean hasCredential) {
    HeaderLines headers = response.headers();
    boolean shareable = headers.count("Set-Cookie") == 0 && headers.count("Location") == 0;
    if (hasCredential) {
      Identity identity = identity(headers);
      return identity == null
          ? new Verdict.Other(response)
          : new Verdict.Allow(response, identity, shareable);
    }
    boolean claimsIdentity = headers.count(preset.identityHeader()) > 0;
    return claimsIdentity
        ? new Verdict.Other(response)
        : new Verdict.AnonymousAllow(response, shareable);
  }

  /// Presence alone is not enough: the outpost sends absent values as empty lines
  /// (docs/design/authentik.md section 1.3), and a repeated header is ambiguous.
  private @Nullable Identity identity(HeaderLines headers) {
    String uid = headers.single(preset.identityHeader());
    String application = headers.single(preset.applicationHeader());
    if (uid == null || uid.isEmpty() || application == null || application.isEmpty()) {
      return null;
    }
    String token = headers.single(preset.tokenHeader());
    return new Identity(
        new String(uid.getBytes(ISO_8859_1), UTF_8),
        application,
        token == null ? null : tokens.read(token));
  }
}
