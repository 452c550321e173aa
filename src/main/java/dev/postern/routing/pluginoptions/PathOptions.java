package dev.postern.routing.pluginoptions;

import dev.postern.config.Problem;
import dev.postern.config.key.Words;
import dev.postern.routing.pluginoptions.ForwardOptions.Paths;
import dev.postern.rules.regexp.GoRegexp;
import dev.postern.rules.regexp.GoRegexpException;
import dev.postern.rules.request.ByteStrings;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// The options for the response to a challenge, by path. A status that Traefik would take as an
/// allow is rejected, and a path without a matching pattern is never allowed.
final class PathOptions {
  private static final List<String> EVERYTHING = List.of("^/.*$");
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  /// A pattern that matches this path most likely matches everything.
  private static final String ODD_PATH = "/no-such-path-7f3a/x";

  private final OptionValues values;
  private final List<Problem> problems;
  private final List<Problem> warnings;

  private PathOptions(OptionValues values, List<Problem> problems, List<Problem> warnings) {
    this.values = values;
    this.problems = problems;
    this.warnings = warnings;
  }

  /// Whether a block configures challenges.
  static boolean areIn(OptionValues values) {
    return Stream.of(
            "unauthorizedPaths", "redirectPaths", "unauthorizedStatusCode", "redirectStatusCode")
        .anyMatch(values::has);
  }

  /// Reads the options; missing ones have the plugin's defaults.
  ///
  /// @param problems receives what cannot be used
  /// @param warnings receives uncovered paths
  static Paths read(OptionValues values, List<Problem> problems, List<Problem> warnings) {
    return new PathOptions(values, problems, warnings).paths();
  }

  private Paths paths() {
    int unauthorizedStatus = unauthorizedStatus();
    int redirectStatus = redirectStatus();
    List<String> unauthorized =
        values.has("unauthorizedPaths") ? patterns("unauthorizedPaths") : EVERYTHING;
    List<String> redirect = patterns("redirectPaths");
    warnUncovered(unauthorized, redirect);
    return new Paths(unauthorized, redirect, unauthorizedStatus, redirectStatus);
  }

  private List<String> patterns(String key) {
    List<String> texts = values.texts(key, problems);
    List<String> usable = new ArrayList<>();
    for (int i = 0; i < texts.size(); i++) {
      String text = texts.get(i);
      try {
        var _ = GoRegexp.compile(ByteStrings.fromText(text));
        usable.add(text);
      } catch (GoRegexpException e) {
        problem(
            key + "[" + i + "]",
            Words.quote(text)
                + " is not a valid regular expression: "
                + e.message()
                + (values.isCut(key) ? "; a single text is split at commas: write a list" : ""));
      }
    }
    return usable;
  }

  /// The original plugin allows a path that no pattern matches, without a login.
  private void warnUncovered(List<String> unauthorized, List<String> redirect) {
    boolean isCovered =
        Stream.of(unauthorized, redirect)
            .flatMap(List::stream)
            .anyMatch(pattern -> matches(pattern, ODD_PATH));
    if (!isCovered && problems.isEmpty()) {
      warnings.add(
          new Problem(
              values.path(""),
              "leaves paths that match neither unauthorizedPaths nor redirectPaths, such as "
                  + ODD_PATH
                  + "; that plugin allows them without a login, Postern never does: without a"
                  + " session they get the identity provider's own response; add paths that need no"
                  + " login in authentik (Unauthenticated Paths of the provider)"));
    }
  }

  private static boolean matches(String pattern, String path) {
    try {
      return GoRegexp.compile(ByteStrings.fromText(pattern)).find(path);
    } catch (GoRegexpException unusable) {
      return false;
    }
  }

  private int unauthorizedStatus() {
    int status = status("unauthorizedStatusCode", 401);
    if (status < 400 || status > 499) {
      problem(
          "unauthorizedStatusCode",
          status
              + (status >= 200 && status < 300
                  ? " would be an allow for Traefik"
                  : " is not a refusal")
              + "; write a status from 400 to 499, such as 401 or 403");
      return 401;
    }
    return status;
  }

  private int redirectStatus() {
    int status = status("redirectStatusCode", 302);
    if (!REDIRECTS.contains(status)) {
      problem(
          "redirectStatusCode",
          status
              + (status >= 200 && status < 300
                  ? " would be an allow for Traefik"
                  : " is not a redirect that browsers follow")
              + "; write 301, 302, 303, 307 or 308");
      return 302;
    }
    return status;
  }

  /// The original plugin treats 0 as the default.
  private int status(String key, int standard) {
    Integer number = values.number(key, problems);
    return number == null || number == 0 ? standard : number;
  }

  private void problem(String key, String message) {
    problems.add(new Problem(values.path(key), message));
  }
}
