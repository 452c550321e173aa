package dev.postern.server;

import dev.postern.http.ForwardedFor;
import dev.postern.http.HeaderLines;
import dev.postern.http.HopByHop;
import dev.postern.routing.options.ChallengeAnswer;
import dev.postern.server.challenge.Challenges;
import dev.postern.server.limit.LoginLimit;
import dev.postern.server.report.Report;
import dev.postern.upstream.RelayRequest;
import dev.postern.upstream.UndertowHeaders;
import dev.postern.upstream.wire.RequestHead;
import dev.postern.upstream.wire.ResponseHead;
import dev.postern.verdict.Answer;
import dev.postern.verdict.CacheStatus;
import dev.postern.verdict.Credential;
import dev.postern.verdict.OutpostEvent;
import dev.postern.verdict.Preset;
import dev.postern.verdict.Question;
import dev.postern.verdict.Verdict;
import dev.postern.verdict.VerdictCache;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.SameThreadExecutor;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Relays the outpost's own paths: login start, callback, sign-out and what their pages need.
///
/// Requests that may change who a session is are events: they revoke on arrival and again when
/// their outcome is known, before its first byte is relayed (invariant 5).
final class OutpostProxy {
  static final String TOO_MANY_COOKIES = "More session cookies than a browser would send.";

  private final Preset preset;
  private final VerdictCache cache;
  private final LoginLimit loginLimit;
  private final Peers peers;
  private final XnioRelay.Parts parts;

  OutpostProxy(
      Preset preset,
      VerdictCache cache,
      LoginLimit loginLimit,
      Peers peers,
      XnioRelay.Parts parts) {
    this.preset = preset;
    this.cache = cache;
    this.loginLimit = loginLimit;
    this.peers = peers;
    this.parts = parts;
  }

  /// Relays a request for an outpost path, as a reverse proxy does.
  void relay(HttpServerExchange exchange, Target target, Preset.Purpose purpose) {
    if (exchange.getRequestHeaders().contains(Headers.UPGRADE)) {
      AnswerWriter.refuse(
          exchange, 501, "Outpost paths are relayed without protocol upgrades such as WebSocket.");
      return;
    }
    boolean changesSession =
        purpose == Preset.Purpose.SESSION_CHANGE || preset.isFlagged(target.query());
    boolean trusted = peers.isTrusted(exchange);
    XnioRelay.Outcome outcome = _ -> {};
    if (changesSession) {
      Credential credential = credential(exchange);
      if (credential.isOversized()) {
        AnswerWriter.refuse(exchange, 431, TOO_MANY_COOKIES);
        return;
      }
      // Whoever has a session may end it at any time.
      LoginLimit.Account account =
          credential.isEmpty() ? account(exchange, trusted) : LoginLimit.Account.UNLIMITED;
      long seconds = account.retryAfterSeconds();
      if (seconds > 0) {
        AnswerWriter.tooMany(exchange, seconds);
        return;
      }
      outcome = debiting(account, settling(cache.revocations().arrived(credential)));
    }
    RequestHead request =
        RelayRequest.outpostPath(
            exchange.getRequestMethod().toString(),
            target.pathAndQuery(),
            new UndertowHeaders(exchange.getRequestHeaders()),
            RelayRequest.Seen.of(exchange),
            trusted);
    String peer = Peers.address(exchange);
    String forwardedFor = exchange.getRequestHeaders().getFirst(Headers.X_FORWARDED_FOR);
    String client = trusted ? ForwardedFor.last(forwardedFor, peer) : peer;
    start(exchange, request, client, outcome);
  }

  private LoginLimit.Account account(HttpServerExchange exchange, boolean trusted) {
    HeaderLines none = HeaderLines.of(List.of());
    return loginLimit.account(
        trusted ? new UndertowHeaders(exchange.getRequestHeaders()) : none,
        Peers.address(exchange));
  }

  private static XnioRelay.Outcome debiting(LoginLimit.Account account, XnioRelay.Outcome next) {
    return head -> {
      if (head != null) {
        account.answered(head.status());
      }
      next.known(head);
    };
  }

  private static XnioRelay.Outcome settling(OutpostEvent event) {
    return head -> event.settle(head == null ? null : head.headers());
  }

  /// Relays a forward-auth request that has a body. Its allow is not remembered, but a refusal ends
  /// what is remembered of its key.
  ///
  /// @param challenges asked how a challenge is to be answered
  void relayCheck(
      HttpServerExchange exchange,
      Target target,
      Question question,
      LoginLimit.Account account,
      Supplier<ChallengeAnswer> challenges) {
    XnioRelay.Outcome settled =
        debiting(
            account,
            question.flagged()
                ? settling(cache.revocations().arrived(credential(exchange)))
                : _ -> {});
    RequestHead request =
        RelayRequest.check(
            question.request(), target.pathAndQuery(), parts.connections().authority());
    start(
        exchange,
        request,
        question.request().client(Peers.address(exchange)),
        new CheckOutcome(exchange, question, settled, challenges));
  }

  private final class CheckOutcome implements XnioRelay.Outcome {
    private static final byte[] NO_BODY = new byte[0];

    private final HttpServerExchange exchange;
    private final Question question;
    private final XnioRelay.Outcome settled;
    private final Supplier<ChallengeAnswer> challenges;

    CheckOutcome(
        HttpServerExchange exchange,
        Question question,
        XnioRelay.Outcome settled,
        Supplier<ChallengeAnswer> challenges) {
      this.exchange = exchange;
      this.question = question;
      this.settled = settled;
      this.challenges = challenges;
    }

    @Override
    public void known(@Nullable ResponseHead head) {
      settled.known(head);
      if (head != null) {
        AnswerWriter.mark(exchange, CacheStatus.BYPASS);
        if (!preset.allowStatuses().contains(head.status()) && head.status() < 500) {
          cache.refused(question);
        }
      }
    }

    @Override
    public @Nullable Answer instead(ResponseHead head) {
      if (!Verdict.Challenge.isStatus(head.status())) {
        return null;
      }
      Answer own = new Answer(head.status(), HopByHop.removeFrom(head.headers()), NO_BODY);
      Answer presented = Challenges.present(own, challenges.get());
      return presented == own ? null : presented;
    }
  }

  private Credential credential(HttpServerExchange exchange) {
    UndertowHeaders headers = new UndertowHeaders(exchange.getRequestHeaders());
    return Credential.of(HeaderLines.copyOf(headers), preset);
  }

  private void start(
      HttpServerExchange exchange, RequestHead request, String client, XnioRelay.Outcome outcome) {
    Report.relaying(exchange);
    XnioRelay relay = new XnioRelay(parts, exchange, request, client, outcome);
    exchange.dispatch(SameThreadExecutor.INSTANCE, relay::enter);
  }
}
