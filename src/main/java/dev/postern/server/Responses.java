package dev.postern.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import dev.postern.routing.pluginoptions.ChallengeResponse;
import dev.postern.server.observe.Report;
import dev.postern.verdict.CacheStatus;
import dev.postern.verdict.Decision;
import dev.postern.verdict.Entry;
import dev.postern.verdict.UpstreamResponse;
import dev.postern.verdict.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/// Creates responses from verdicts and Postern's own responses. Only this class turns a verdict
/// into a response.
public final class Responses {
  private static final String CACHE_STATUS = "X-Postern-Cache";
  private static final String CACHE_CONTROL = "Cache-Control";
  private static final HeaderLine TEXT =
      new HeaderLine("Content-Type", "text/plain; charset=utf-8");
  private static final HeaderLine NOSNIFF = new HeaderLine("X-Content-Type-Options", "nosniff");
  static final HeaderLine NO_STORE = new HeaderLine(CACHE_CONTROL, "no-store");

  private final boolean cacheStatusToClients;

  /// @param cacheStatusToClients whether `X-Postern-Cache` is also on responses that Traefik passes
  ///   to clients
  Responses(boolean cacheStatusToClients) {
    this.cacheStatusToClients = cacheStatusToClients;
  }

  /// Responds with a decision.
  ///
  /// @param challenges called to get the options for a challenge
  void decided(
      Exchange exchange, Report report, Decision decision, Supplier<ChallengeResponse> challenges) {
    switch (decision) {
      case Decision.Stored(Entry entry, CacheStatus status) ->
          fromEntry(exchange, report, entry, status);
      case Decision.Relayed(var verdict, CacheStatus status) -> {
        report.decided(verdict, status);
        UpstreamResponse answer =
            verdict instanceof Verdict.Challenge(var challenge)
                ? Challenges.present(challenge, challenges.get())
                : verdict.response();
        exchange.respond(
            new UpstreamResponse(
                answer.status(),
                ofVerdict(answer.status(), answer.headers(), status),
                answer.body()));
      }
    }
  }

  /// Responds from an entry. The body is empty, because Traefik discards the body of an allow
  /// (docs/design/traefik.md section 1.5).
  void fromEntry(Exchange exchange, Report report, Entry entry, CacheStatus status) {
    report.fromCache(status);
    String echoed = entry.echoedHeader();
    exchange.respond(entry, echoed == null ? null : echoedValue(exchange, echoed), status);
  }

  private static String echoedValue(Exchange exchange, String name) {
    String sent = exchange.head().headers().first(name);
    return sent == null ? "" : sent;
  }

  /// The header lines of a verdict that is relayed.
  ///
  /// Traefik does not pass an allow to the client, but every other response. So an allow always has
  /// `X-Postern-Cache`, other responses only if that is configured.
  HeaderLines ofVerdict(int status, HeaderLines lines, CacheStatus from) {
    boolean allow = isAllow(status);
    List<HeaderLine> all = new ArrayList<>(lines.lines().size() + 2);
    for (HeaderLine line : lines.lines()) {
      if (!line.is(CACHE_STATUS)) {
        all.add(line);
      }
    }
    if (allow || cacheStatusToClients) {
      all.add(new HeaderLine(CACHE_STATUS, from.text()));
    }
    if (!allow && lines.count(CACHE_CONTROL) == 0) {
      all.add(NO_STORE);
    }
    return HeaderLines.of(all);
  }

  private static boolean isAllow(int status) {
    return status >= 200 && status < 300;
  }

  /// Browsers and CDNs must not store responses of the upstream without `Cache-Control` (invariant
  /// 10, trap 43).
  static HeaderLines notStored(HeaderLines lines) {
    if (lines.count(CACHE_CONTROL) > 0) {
      return lines;
    }
    List<HeaderLine> all = new ArrayList<>(lines.lines());
    all.add(NO_STORE);
    return HeaderLines.of(all);
  }

  /// A response that Postern itself creates.
  ///
  /// @param text one sentence for users
  static UpstreamResponse refusal(int status, String text) {
    return text(status, text, List.of());
  }

  /// Responds with an error of Postern's own.
  ///
  /// @param text one sentence for users
  static void refuse(Exchange exchange, int status, String text) {
    exchange.respond(refusal(status, text));
  }

  /// Responds with 405.
  ///
  /// @param allowed the allowed methods
  static void notAllowed(Exchange exchange, String allowed) {
    exchange.respond(text(405, "Method not allowed.", List.of(new HeaderLine("Allow", allowed))));
  }

  /// Responds with 429, as Traefik's own `rateLimit` does.
  static void tooMany(Exchange exchange, long retryAfterSeconds) {
    exchange.respond(
        text(
            429,
            "Too many logins were started from your address. Please wait a moment.",
            List.of(new HeaderLine("Retry-After", Long.toString(retryAfterSeconds)))));
  }

  /// Responds instead of the upstream.
  static void replace(Exchange exchange, UpstreamResponse answer) {
    exchange.respond(
        new UpstreamResponse(answer.status(), notStored(answer.headers()), answer.body()));
  }

  private static UpstreamResponse text(int status, String text, List<HeaderLine> first) {
    List<HeaderLine> lines = new ArrayList<>(first);
    lines.addAll(List.of(TEXT, NOSNIFF, NO_STORE));
    return new UpstreamResponse(status, HeaderLines.of(lines), (text + "\n").getBytes(UTF_8));
  }
}
