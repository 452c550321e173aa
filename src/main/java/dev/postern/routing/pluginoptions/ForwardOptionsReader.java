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

/// Reads the options of the published `authentik-forward` plugin from a `plugin` block, which
/// Traefik passes on as nested maps and lists of text (docs/design/authentik.md section 12). Values
/// are converted as Traefik does for a plugin: numbers may be text, and text with commas is a list.
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

  /// Further options of Postern's own Traefik plugin in a `postern` block. They configure the
  /// connection from Traefik to Postern, so they have no effect here.
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

  /// The relevant part of the static configuration.
  ///
  /// @param ttl `cache.ttl`
  /// @param upstream the upstream, or null when no static configuration is loaded
  public record Known(Duration ttl, @Nullable UpstreamConfig upstream) {}

  /// Which plugin's defaults apply to a block.
  private enum Style {
    /// `authentik-forward`: missing options have that plugin's defaults, so every path is refused
    /// without a redirect.
    PLUGIN,
    /// `postern`: missing options have no effect.
    OWN
  }

  /// The result of reading.
  ///
  /// @param options the options; an unreadable one is omitted, or replaced by the most restrictive
  ///   value
  /// @param problems options that cannot be used
  /// @param warnings options that have no effect here, or another effect than with the plugin
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

  /// Whether a key is allowed next to `applications` in a `postern` block.
  ///
  /// @param key a key in any case
  public static boolean isOption(String key) {
    return isIn(KEYS, key) || isIn(ASKING, key);
  }

  private static boolean isIn(List<String> keys, String key) {
    return keys.stream().anyMatch(key::equalsIgnoreCase);
  }

  /// Reads the options next to `applications` in a `postern` block. A block with an `address` also
  /// configures Postern's own Traefik plugin, whose `address` and `tls` are for the connection to
  /// Postern.
  ///
  /// @param block the block, keys in any case
  /// @param origin where the block is defined, including its own path
  /// @return the options; empty when there are none
  public static Optional<Result> readOwn(Map<?, ?> block, Known known, String origin) {
    Map<String, @Nullable Object> own = new LinkedHashMap<>();
    block.forEach((key, value) -> own.put(String.valueOf(key), value));
    boolean isForPlugin = own.keySet().stream().anyMatch("address"::equalsIgnoreCase);
    own.keySet().removeIf(key -> !isIn(KEYS, key) || (isForPlugin && isIn(ASKING, key)));
    return own.isEmpty() ? Optional.empty() : Optional.of(read(own, Style.OWN, known, origin));
  }

  /// Reads an `authentik-forward` block.
  ///
  /// @param block a map of options, keys in any case; an empty text for an empty block
  /// @param origin where the block is defined, including its own path
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

  /// Only the identity provider may exempt paths from the login (invariant 11).
  private void skippedPaths() {
    if (!values.texts("skippedPaths", problems).isEmpty()) {
      problem(
          "skippedPaths",
          "would let requests pass without a check, which Postern never does; remove it, and add"
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
              + "), which applies; raise cache.ttl in the static configuration if you need the"
              + " longer time");
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
