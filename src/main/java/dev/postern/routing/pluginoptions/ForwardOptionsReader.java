package dev.postern.routing.pluginoptions;

import dev.postern.config.Problem;
import dev.postern.config.UpstreamConfig;
import dev.postern.config.key.BadValueException;
import dev.postern.config.key.GoDuration;
import dev.postern.config.key.Words;
import dev.postern.routing.pluginoptions.ForwardOptions.Paths;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads the options of the published `authentik-forward` plugin in a `plugin` block, which Traefik
/// hands on as nested maps and lists of texts (docs/design/authentik.md section 12). Values are
/// converted as Traefik converts them for a plugin: numbers may be texts, a text with commas is a
/// list.
public final class ForwardOptionsReader {
  /// The name under which that plugin is configured.
  public static final String PLUGIN = "authentik-forward";

  private static final List<String> KEYS =
      List.of(
          "address",
          "cacheDuration",
          "skippedPaths",
          "unauthorizedPaths",
          "redirectPaths",
          "unauthorizedStatusCode",
          "redirectStatusCode",
          "timeout",
          "tls");

  /// What Postern's own Traefik plugin reads in a block of the name `postern`, besides `timeout`.
  /// It is about the way from Traefik to Postern, so it says nothing here.
  private static final List<String> ASKING =
      List.of(
          "address",
          "tls",
          "trustForwardHeader",
          "authRequestHeaders",
          "authResponseHeaders",
          "maxResponseBodySize");

  /// The options for messages, in their usual spelling.
  public static final String NAMES = String.join(", ", KEYS);

  private final Known known;
  private final OptionValues values;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> warnings = new ArrayList<>();

  /// What the static configuration says, as far as it matters here.
  ///
  /// @param ttl `cache.ttl`
  /// @param upstream the upstream, or null when no configuration is read
  public record Known(Duration ttl, @Nullable UpstreamConfig upstream) {}

  /// Whose words a block uses.
  private enum Style {
    /// `authentik-forward`: what it leaves out has that plugin's default, so every path is refused
    /// without a redirect.
    PLUGIN,
    /// `postern`: what it leaves out is as if there were no block.
    OWN
  }

  /// What was read.
  ///
  /// @param options the options; what could not be read is left out, or is the narrowest
  /// @param problems what cannot be used
  /// @param warnings what has no effect here, or another one than with the plugin
  public record Result(ForwardOptions options, List<Problem> problems, List<Problem> warnings) {
    public Result {
      problems = List.copyOf(problems);
      warnings = List.copyOf(warnings);
    }
  }

  private ForwardOptionsReader(OptionValues values, Known known) {
    this.values = values;
    this.known = known;
  }

  /// Whether a key may stand beside applications in a block of the name `postern`.
  ///
  /// @param key a key in any case
  /// @return whether it is one of the options, or of Postern's own Traefik plugin
  public static boolean isOption(String key) {
    return isIn(KEYS, key) || isIn(ASKING, key);
  }

  private static boolean isIn(List<String> keys, String key) {
    return keys.stream().anyMatch(key::equalsIgnoreCase);
  }

  /// Reads the options that stand beside applications in a block of the name `postern`. One with an
  /// `address` is also for Postern's own Traefik plugin, whose `address` and `tls` lead to Postern.
  ///
  /// @param block the block, keys in any case
  /// @param known what the static configuration says
  /// @param origin where the block stands, in words, its own path included
  /// @return what can be used and what cannot; nothing when there are no options
  public static Optional<Result> readOwn(Map<?, ?> block, Known known, String origin) {
    Map<String, @Nullable Object> own = new LinkedHashMap<>();
    block.forEach((key, value) -> own.put(String.valueOf(key), value));
    boolean isForPlugin = own.keySet().stream().anyMatch("address"::equalsIgnoreCase);
    own.keySet().removeIf(key -> !isIn(KEYS, key) || (isForPlugin && isIn(ASKING, key)));
    return own.isEmpty() ? Optional.empty() : Optional.of(read(own, Style.OWN, known, origin));
  }

  /// Reads a block of the name `authentik-forward`.
  ///
  /// @param block a map of options, keys in any case; an empty text for an empty block
  /// @param known what the static configuration says
  /// @param origin where the block stands, in words, its own path included
  /// @return what can be used and what cannot
  public static Result readPlugin(Object block, Known known, String origin) {
    return read(block, Style.PLUGIN, known, origin);
  }

  private static Result read(Object block, Style style, Known known, String origin) {
    List<Problem> problems = new ArrayList<>();
    OptionValues values = OptionValues.of(block, KEYS, origin, problems);
    ForwardOptionsReader reader = new ForwardOptionsReader(values, known);
    reader.problems.addAll(problems);
    ForwardOptions options = reader.options(style, origin);
    return new Result(options, reader.problems, reader.warnings);
  }

  private ForwardOptions options(Style style, String origin) {
    skippedPaths();
    Paths paths =
        style == Style.OWN && !PathOptions.areIn(values)
            ? null
            : PathOptions.read(values, problems, warnings);
    ForwardOptions options = new ForwardOptions(origin, cacheDuration(), timeout(), paths);
    UpstreamOptions.check(values, known.upstream(), problems, warnings);
    return options;
  }

  /// What needs no login is for the identity provider to say (invariant 11).
  private void skippedPaths() {
    if (!values.texts("skippedPaths", problems).isEmpty()) {
      problem(
          "skippedPaths",
          "would let requests pass without asking, which Postern never does; remove it, and name"
              + " these paths in authentik (Providers, the application's provider, Unauthenticated"
              + " Paths), or give them a router without this middleware");
    }
  }

  private @Nullable Duration cacheDuration() {
    String text = values.text("cacheDuration", problems);
    if (text.isEmpty()) {
      return null;
    }
    Duration duration = duration("cacheDuration", text);
    if (duration == null) {
      return Duration.ZERO;
    }
    if (duration.compareTo(known.ttl()) > 0) {
      warning(
          "cacheDuration",
          Words.quote(text)
              + " is longer than cache.ttl ("
              + GoDuration.text(known.ttl())
              + "), which counts; raise cache.ttl in the static configuration if that is meant");
    }
    return duration;
  }

  private @Nullable Duration timeout() {
    String text = values.text("timeout", problems);
    Duration duration = text.isEmpty() ? null : duration("timeout", text);
    return duration == null || duration.isZero() ? null : duration;
  }

  private @Nullable Duration duration(String key, String text) {
    try {
      Duration duration = GoDuration.parse(text);
      if (!duration.isNegative()) {
        return duration;
      }
      problem(key, Words.quote(text) + " is negative");
    } catch (BadValueException e) {
      problem(key, e.sentence());
    }
    return null;
  }

  private void problem(String key, String message) {
    problems.add(new Problem(values.path(key), message));
  }

  private void warning(String key, String message) {
    warnings.add(new Problem(values.path(key), message));
  }
}
