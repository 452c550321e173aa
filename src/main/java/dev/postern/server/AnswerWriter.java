package dev.postern.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postern.http.HeaderLine;
import dev.postern.routing.options.ChallengeAnswer;
import dev.postern.server.challenge.Challenges;
import dev.postern.server.report.Report;
import dev.postern.upstream.UndertowHeaders;
import dev.postern.verdict.Answer;
import dev.postern.verdict.CacheStatus;
import dev.postern.verdict.Decision;
import dev.postern.verdict.Entry;
import dev.postern.verdict.Verdict;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/// Writes answers: the only place where a verdict becomes HTTP again.
final class AnswerWriter {
  private static final HttpString CACHE_STATUS = new HttpString("X-Postern-Cache");

  /// Names come from the upstream; users' attributes can make more of them than are worth keeping.
  private static final int MAX_NAMES = 1024;

  private final ConcurrentMap<String, HttpString> names = new ConcurrentHashMap<>();

  /// Answers with a decision.
  ///
  /// @param challenges asked how a challenge is to be answered
  void write(HttpServerExchange exchange, Decision decision, Supplier<ChallengeAnswer> challenges) {
    switch (decision) {
      case Decision.Remembered(Entry entry, CacheStatus status) ->
          remembered(exchange, entry, status);
      case Decision.Relayed(var verdict, CacheStatus status) -> {
        Report.decided(exchange, verdict, status);
        Answer answer =
            verdict instanceof Verdict.Challenge(var challenge)
                ? Challenges.present(challenge, challenges.get())
                : verdict.answer();
        relayed(exchange, answer, status);
      }
    }
  }

  /// Answers from an entry. The body of an allow is thrown away by Traefik (traefik-contract 1.5),
  /// so there is none.
  void remembered(HttpServerExchange exchange, Entry entry, CacheStatus status) {
    Report.remembered(exchange, status);
    HeaderMap headers = exchange.getResponseHeaders();
    entry.forEach((name, value) -> headers.add(name(name), value));
    String echoed = entry.echoedHeader();
    if (echoed != null) {
      String sent = exchange.getRequestHeaders().getFirst(echoed);
      headers.put(name(echoed), sent == null ? "" : sent);
    }
    headers.put(CACHE_STATUS, status.text());
    exchange.setStatusCode(entry.status());
    exchange.endExchange();
  }

  private void relayed(HttpServerExchange exchange, Answer answer, CacheStatus status) {
    HeaderMap headers = exchange.getResponseHeaders();
    for (HeaderLine line : answer.headers().lines()) {
      headers.add(name(line.name()), line.value());
    }
    headers.put(CACHE_STATUS, status.text());
    if (!isAllow(answer.status())) {
      // Traefik keeps an allow from the client and hands everything else on.
      forbidStoring(headers);
    }
    exchange.setStatusCode(answer.status());
    send(exchange, answer.body());
  }

  /// Says on an answer that another writes where it came from.
  static void mark(HttpServerExchange exchange, CacheStatus status) {
    exchange.getResponseHeaders().put(CACHE_STATUS, status.text());
  }

  private static boolean isAllow(int status) {
    return status >= 200 && status < 300;
  }

  /// Answers of the upstream that say nothing about caching are not for browsers and CDNs to keep
  /// (invariant 10, trap 43).
  static void forbidStoring(HeaderMap headers) {
    if (!headers.contains(Headers.CACHE_CONTROL)) {
      headers.put(Headers.CACHE_CONTROL, "no-store");
    }
  }

  /// Answers in Postern's own name.
  ///
  /// @param exchange the request
  /// @param status HTTP status
  /// @param text one sentence for people
  static void refuse(HttpServerExchange exchange, int status, String text) {
    HeaderMap headers = exchange.getResponseHeaders();
    headers.put(Headers.CONTENT_TYPE, "text/plain; charset=utf-8");
    headers.put(Headers.X_CONTENT_TYPE_OPTIONS, "nosniff");
    forbidStoring(headers);
    exchange.setStatusCode(status);
    send(exchange, (text + "\n").getBytes(UTF_8));
  }

  /// Refuses for a while, as Traefik's own `rateLimit` does.
  ///
  /// @param exchange the request
  /// @param retryAfterSeconds when the client may try again
  static void tooMany(HttpServerExchange exchange, long retryAfterSeconds) {
    exchange.getResponseHeaders().put(Headers.RETRY_AFTER, retryAfterSeconds);
    refuse(exchange, 429, "Too many logins were begun from your address. Please wait a moment.");
  }

  /// Answers in the upstream's place.
  static void replace(HttpServerExchange exchange, Answer answer) {
    HeaderMap headers = exchange.getResponseHeaders();
    UndertowHeaders.addTo(answer.headers(), headers);
    forbidStoring(headers);
    exchange.setStatusCode(answer.status());
    send(exchange, answer.body());
  }

  private static void send(HttpServerExchange exchange, byte[] body) {
    if (body.length == 0) {
      exchange.endExchange();
    } else {
      exchange.getResponseSender().send(ByteBuffer.wrap(body));
    }
  }

  private HttpString name(String name) {
    HttpString known = names.get(name);
    if (known == null) {
      known = new HttpString(name);
      if (names.size() < MAX_NAMES) {
        names.put(name, known);
      }
    }
    return known;
  }
}
