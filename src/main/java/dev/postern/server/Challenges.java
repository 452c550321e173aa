package dev.postern.server;

import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import dev.postern.routing.pluginoptions.ChallengeResponse;
import dev.postern.verdict.UpstreamResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/// Applies the `response.*` options to challenges.
public final class Challenges {
  private static final HeaderLine NO_STORE = new HeaderLine("Cache-Control", "no-store");
  private static final byte[] NO_BODY = new byte[0];

  private Challenges() {}

  /// Changes a challenge as the options say. `Set-Cookie` always stays, as in authentik's own 401:
  /// the browser needs the session that it names (trap 9).
  ///
  /// @param challenge a redirect of the upstream
  /// @return the response; the unchanged challenge if no option applies
  public static UpstreamResponse present(UpstreamResponse challenge, ChallengeResponse wanted) {
    return switch (wanted) {
      case ChallengeResponse.Unchanged() -> challenge;
      case ChallengeResponse.Refused(int status) ->
          new UpstreamResponse(
              status,
              lines(challenge, name -> !name.equals("location") && !isOfBody(name)),
              NO_BODY);
      case ChallengeResponse.Redirected(int status)
          when status == challenge.status() || challenge.headers().count("Location") == 0 ->
          challenge;
      case ChallengeResponse.Redirected(int status) ->
          new UpstreamResponse(
              status,
              lines(challenge, name -> challenge.body().length > 0 || !isOfBody(name)),
              challenge.body());
    };
  }

  private static boolean isOfBody(String name) {
    return name.startsWith("content-");
  }

  /// The header lines of a challenge with a new status. It must not be stored, whatever the
  /// upstream's `Cache-Control` says.
  private static HeaderLines lines(UpstreamResponse challenge, Predicate<String> isKept) {
    List<HeaderLine> lines = new ArrayList<>();
    for (HeaderLine line : challenge.headers().lines()) {
      String name = line.name().toLowerCase(Locale.ROOT);
      if (!name.equals("cache-control") && !name.equals("expires") && isKept.test(name)) {
        lines.add(line);
      }
    }
    lines.add(NO_STORE);
    return HeaderLines.of(lines);
  }
}
