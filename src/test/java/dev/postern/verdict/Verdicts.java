package dev.postern.verdict;

import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Verdicts as sent by an upstream.
final class Verdicts {
  private Verdicts() {}

  static UpstreamResponse answer(int status, HeaderLine... lines) {
    return new UpstreamResponse(status, HeaderLines.of(List.of(lines)), new byte[0]);
  }

  /// An allow with the given claims.
  static Verdict.Allow allow(
      String uid, String application, @Nullable TokenClaims token, HeaderLine... more) {
    List<HeaderLine> lines = new ArrayList<>(List.of(more));
    lines.add(new HeaderLine("X-Authentik-Uid", uid));
    lines.add(new HeaderLine("X-Authentik-Meta-App", application));
    UpstreamResponse answer = new UpstreamResponse(200, HeaderLines.of(lines), new byte[0]);
    boolean shareable =
        answer.headers().count("Set-Cookie") == 0 && answer.headers().count("Location") == 0;
    return new Verdict.Allow(answer, new Identity(uid, application, token), shareable);
  }

  /// An allow of the application `slug` with a session `sid-NAME` of `sub-NAME`.
  static Verdict.Allow allow(String name, @Nullable Long expiresAtMillis, HeaderLine... more) {
    return allow(
        "sub-" + name,
        "slug",
        new TokenClaims("sub-" + name, "sid-" + name, expiresAtMillis),
        more);
  }

  static Verdict.AnonymousAllow open(HeaderLine... lines) {
    UpstreamResponse answer = answer(200, lines);
    return new Verdict.AnonymousAllow(
        answer, answer.headers().count("Set-Cookie") + answer.headers().count("Location") == 0);
  }

  static Verdict.Challenge challenge(String state) {
    return new Verdict.Challenge(
        answer(
            302,
            new HeaderLine("Location", "http://idp.test/authorize?state=" + state),
            new HeaderLine("Set-Cookie", Ask.COOKIE + "=" + state)));
  }

  static Verdict.Deny deny() {
    return new Verdict.Deny(answer(403));
  }

  static Verdict.Other other(int status) {
    return new Verdict.Other(answer(status));
  }

  static Verdict.Unavailable down() {
    return Verdict.Unavailable.because(Verdict.Fault.CONNECT);
  }
}
