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
import dev.postern.verdict.RelayedCheck;
import dev.postern.verdict.Verdict;
import dev.postern.verdict.VerdictCache;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.SameThreadExecutor;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Relays the outpost's own paths: login start, callback, sign-out and what their pages need.
///
/// Requests that may change who a session is are events: they revoke on arrival and again when
/// their outcome is known, before its first byte is relayed (invariant 5).
final class OutpostProxy {
  private final Preset preset;
  private final VerdictCache cache;
  private final LoginLimit loginLimit;
  private final Peers peers;
  private final Relay.Parts parts;

  OutpostProxy(
      Preset preset, VerdictCache cache, LoginLimit loginLimit, Peers peers, Relay.Parts parts) {
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
    Relay.Outcome outcome = _ -> {};
    if (changesSession) {
      Credential credential = credential(exchange);
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

  private static Relay.Outcome debiting(LoginLimit.Account account, Relay.Outcome next) {
    return head -> {
      if (head != null) {
        account.answered(head.status());
      }
      next.known(head);
    };
  }

  private static Relay.Outcome settling(OutpostEvent event) {
    return head -> event.settle(head == null ? null : head.headers());
  }

  /// Relays a forward-auth request that has a body.
  ///
  /// @param challenges asked how a challenge is to be answered
  /// @param again answers by asking again without the body
  void relayCheck(
      HttpServerExchange exchange,
      Target target,
      Question question,
      LoginLimit.Account account,
      Supplier<ChallengeAnswer> challenges,
      Consumer<RelayedCheck> again) {
    RequestHead request =
        RelayRequest.check(
            question.request(), target.pathAndQuery(), parts.connections().authority());
    start(
        exchange,
        request,
        question.request().client(Peers.address(exchange)),
        new CheckOutcome(
            exchange, cache.beginRelayed(question), debiting(account, _ -> {}), challenges, again));
  }

  private static final class CheckOutcome implements Relay.Outcome {
    private static final byte[] NO_BODY = new byte[0];

    private final HttpServerExchange exchange;
    private final RelayedCheck check;
    private final Relay.Outcome debit;
    private final Supplier<ChallengeAnswer> challenges;
    private final Consumer<RelayedCheck> again;
    private RelayedCheck.Next next = new RelayedCheck.Next.Pass();

    CheckOutcome(
        HttpServerExchange exchange,
        RelayedCheck check,
        Relay.Outcome debit,
        Supplier<ChallengeAnswer> challenges,
        Consumer<RelayedCheck> again) {
      this.exchange = exchange;
      this.check = check;
      this.debit = debit;
      this.challenges = challenges;
      this.again = again;
    }

    @Override
    public void known(@Nullable ResponseHead head) {
      debit.known(head);
      if (head == null) {
        check.failed();
        return;
      }
      next = check.answered(head.status(), HopByHop.removeFrom(head.headers()));
      AnswerWriter.mark(exchange, CacheStatus.BYPASS);
    }

    @Override
    public @Nullable Runnable takesOver() {
      return next instanceof RelayedCheck.Next.AskAgain ? () -> again.accept(check) : null;
    }

    @Override
    public @Nullable Answer instead(ResponseHead head) {
      if (next instanceof RelayedCheck.Next.Refuse(var verdict)) {
        return verdict.answer();
      }
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
      HttpServerExchange exchange, RequestHead request, String client, Relay.Outcome outcome) {
    Report.relaying(exchange);
    Relay relay = new Relay(parts, exchange, request, client, outcome);
    exchange.dispatch(SameThreadExecutor.INSTANCE, relay::enter);
  }
}
