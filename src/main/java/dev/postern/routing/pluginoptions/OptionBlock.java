package dev.postern.routing.pluginoptions;

import dev.postern.config.key.Words;
import dev.postern.net.Percent;
import dev.postern.routing.pluginoptions.ForwardOptions.Paths;
import dev.postern.rules.regexp.GoRegexp;
import dev.postern.rules.regexp.GoRegexpException;
import dev.postern.rules.request.ByteStrings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// The options of one block, with compiled patterns.
public final class OptionBlock {
  /// Matching takes time proportional to the path, and a client may send a mebibyte.
  private static final int LONGEST_PATH = 16_384;

  /// The longest first; at equal length those of `unauthorizedPaths` first.
  private static final Comparator<PathPattern> ORDER =
      Comparator.<PathPattern>comparingInt(pattern -> -pattern.length())
          .thenComparing(PathPattern::isRedirect);

  private final ForwardOptions definition;
  private final List<PathPattern> patterns = new ArrayList<>();

  private record PathPattern(String text, int length, boolean isRedirect, GoRegexp regexp) {}

  /// The response to a challenge for a path.
  ///
  /// @param because the reason as text
  public record Choice(ChallengeResponse answer, String because) {}

  /// Compiles a block.
  ///
  /// @param definition a block whose patterns have been validated
  public OptionBlock(ForwardOptions definition) {
    this.definition = definition;
    Paths paths = definition.paths();
    if (paths != null) {
      add(paths.unauthorized(), false);
      add(paths.redirect(), true);
      patterns.sort(ORDER);
    }
  }

  private void add(List<String> texts, boolean isRedirect) {
    for (String text : texts) {
      String bytes = ByteStrings.fromText(text);
      try {
        patterns.add(new PathPattern(text, bytes.length(), isRedirect, GoRegexp.compile(bytes)));
      } catch (GoRegexpException e) {
        throw new IllegalArgumentException(text + " was found good before: " + e.message(), e);
      }
    }
  }

  public ForwardOptions definition() {
    return definition;
  }

  /// Chooses the response to a challenge.
  ///
  /// @param uri path and query of the forwarded request, as received
  /// @return the choice; empty when the block does not configure challenges
  public Optional<Choice> choose(String uri) {
    return Optional.ofNullable(definition.paths()).map(paths -> choose(uri, paths));
  }

  private Choice choose(String uri, Paths paths) {
    int question = uri.indexOf('?');
    String raw = question < 0 ? uri : uri.substring(0, question);
    String path = raw.length() > LONGEST_PATH ? null : Percent.decode(raw);
    if (path == null) {
      return new Choice(
          ChallengeResponse.UNCHANGED,
          "the path is too long or has an invalid escape, so no pattern is tried");
    }
    for (PathPattern pattern : patterns) {
      if (pattern.regexp().find(path)) {
        return choice(pattern, paths);
      }
    }
    return new Choice(
        ChallengeResponse.UNCHANGED,
        "neither unauthorizedPaths nor redirectPaths match; the request is still refused");
  }

  private static Choice choice(PathPattern pattern, Paths paths) {
    return new Choice(
        pattern.isRedirect()
            ? new ChallengeResponse.Redirected(paths.redirectStatus())
            : new ChallengeResponse.Refused(paths.unauthorizedStatus()),
        Words.quote(pattern.text())
            + " of "
            + (pattern.isRedirect() ? "redirectPaths" : "unauthorizedPaths")
            + " is the longest matching pattern");
  }
}
