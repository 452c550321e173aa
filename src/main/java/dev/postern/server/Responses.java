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

/// The only place where a verdict becomes a response again, and where Postern's own responses are
/// made.
public final class Responses {
  private static final String CACHE_STATUS = "X-Postern-Cache";
  private static final String CACHE_CONTROL = "Cache-Control";
  private static final HeaderLine TEXT =
      new HeaderLine("Content-Type", "text/plain; charset=utf-8");
  private static final HeaderLine NOSNIFF = new HeaderLine("X-Content-Type-Options", "nosniff");
  static final HeaderLine NO_STORE = new HeaderLine(CACHE_CONTROL, "no-store");

  private final boolean cacheStatusToClients;

  /// @param cacheStatusToClients whether `X-Postern-Cache` is also on what Traefik hands on
  Responses(boolean cacheStatusToClients) {
    this.cacheStatusToClients = cacheStatusToClients;
  }

  /// Responds with a decision.
  ///
  /// @param challenges asked how a challenge is to be answered
  void decided(
      Exchange exchange, Report report, Decision decision, Supplier<ChallengeResponse> challenges) {
    switch (decision) {
      case Decision.Stored(Entry entry, CacheStatus status) ->
          remembered(exchange, report, entry, status);
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

  /// Responds from an entry. The body of an allow is thrown away by Traefik (docs/design/traefik.md
  /// section 1.5), so there is none.
  void remembered(Exchange exchange, Report report, Entry entry, CacheStatus status) {
    report.remembered(status);
    String echoed = entry.echoedHeader();
    exchange.respond(entry, echoed == null ? null : echoedValue(exchange, echoed), status);
  }

  private static String echoedValue(Exchange exchange, String name) {
    String sent = exchange.head().headers().first(name);
    return sent == null ? "" : sent;
  }

  /// The header lines of a verdict that is passed on.
  ///
  /// Traefik keeps an allow from the client and hands everything else on, so where the verdict came
  /// from is said on an allow, and elsewhere only if that is wanted.
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

  /// Responses of the upstream that say nothing about caching are not for browsers and CDNs to keep
  /// (invariant 10, trap 43).
  static HeaderLines notStored(HeaderLines lines) {
    if (lines.count(CACHE_CONTROL) > 0) {
      return lines;
    }
    List<HeaderLine> all = new ArrayList<>(lines.lines());
    all.add(NO_STORE);
    return HeaderLines.of(all);
  }

  /// A response in Postern's own name.
  ///
  /// @param status HTTP status
  /// @param text one sentence for people
  static UpstreamResponse refusal(int status, String text) {
    return text(status, text, List.of());
  }

  /// Refuses a request in Postern's own name.
  ///
  /// @param exchange the request
  /// @param status HTTP status
  /// @param text one sentence for people
  static void refuse(Exchange exchange, int status, String text) {
    exchange.respond(refusal(status, text));
  }

  /// Refuses a method.
  ///
  /// @param exchange the request
  /// @param allowed the methods that are allowed
  static void notAllowed(Exchange exchange, String allowed) {
    exchange.respond(text(405, "Method not allowed.", List.of(new HeaderLine("Allow", allowed))));
  }

  /// Refuses for a while, as Traefik's own `rateLimit` does.
  ///
  /// @param exchange the request
  /// @param retryAfterSeconds when the client may try again
  static void tooMany(Exchange exchange, long retryAfterSeconds) {
    exchange.respond(
        text(
            429,
            "Too many logins were begun from your address. Please wait a moment.",
            List.of(new HeaderLine("Retry-After", Long.toString(retryAfterSeconds)))));
  }

  /// Responds in the upstream's place.
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
