package dev.postern.verdict;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postern.net.HeaderLines;
import org.jspecify.annotations.Nullable;

/// Reads an upstream response as a verdict.
public final class AnswerReader {
  private final Preset preset;
  private final TokenReader tokens;

  public AnswerReader(Preset preset, TokenReader tokens) {
    this.preset = preset;
    this.tokens = tokens;
  }

  /// Classifies a response.
  ///
  /// @param hasCredential whether the request carried a credential; without one an identity in the
  ///   response is not trusted, and with one an allow without identity is not an open path
  public Verdict read(UpstreamResponse answer, boolean hasCredential) {
    int status = answer.status();
    if (preset.allowStatuses().contains(status)) {
      return allow(answer, hasCredential);
    }
    if (status >= 500) {
      return new Verdict.Unavailable(answer, Verdict.Fault.UPSTREAM_ERROR);
    }
    if (status == 401 || status == 403) {
      return new Verdict.Deny(answer);
    }
    return Verdict.Challenge.isStatus(status)
        ? new Verdict.Challenge(answer)
        : new Verdict.Other(answer);
  }

  private Verdict allow(UpstreamResponse answer, boolean hasCredential) {
    HeaderLines headers = answer.headers();
    boolean shareable = headers.count("Set-Cookie") == 0 && headers.count("Location") == 0;
    if (hasCredential) {
      Identity identity = identity(headers);
      return identity == null
          ? new Verdict.Other(answer)
          : new Verdict.Allow(answer, identity, shareable);
    }
    boolean claimsIdentity = headers.count(preset.identityHeader()) > 0;
    return claimsIdentity
        ? new Verdict.Other(answer)
        : new Verdict.AnonymousAllow(answer, shareable);
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
