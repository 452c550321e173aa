package dev.postern.server;

import dev.postern.net.HeaderLines;
import dev.postern.net.RequestHeaders;
import dev.postern.server.limit.LoginLimit;
import dev.postern.server.observe.Report;
import dev.postern.upstream.RelayRequest;
import dev.postern.upstream.wire.RequestHead;
import dev.postern.verdict.Credential;
import dev.postern.verdict.OutpostEvent;
import dev.postern.verdict.Preset;
import dev.postern.verdict.Question;
import dev.postern.verdict.VerdictCache;
import java.util.List;
import java.util.Locale;

/// Relays requests that the cache cannot answer: the outpost paths (login start, callback, sign-out
/// and their static files), and checks with a body.
///
/// Requests that may change a session are events: they revoke on arrival, and again when their
/// outcome is known, before its first byte is relayed (invariant 5).
final class OutpostProxy {
  private static final HeaderLines NO_LINES = HeaderLines.of(List.of());

  private final AuthServices parts;
  private final Preset preset;
  private final VerdictCache cache;
  private final Peers peers;
  private final Responses responses;
  private final Relay.Resources relays;

  OutpostProxy(AuthServices parts, Relay.Resources relays, Peers peers, Responses responses) {
    this.parts = parts;
    this.preset = parts.preset();
    this.cache = parts.cache();
    this.peers = peers;
    this.responses = responses;
    this.relays = relays;
  }

  /// Relays a request for an outpost path, as a reverse proxy does.
  void relay(Exchange exchange, Report report, Target target, Preset.Purpose purpose) {
    if (asksForAnotherProtocol(exchange.head().headers())) {
      Responses.refuse(
          exchange, 501, "Outpost paths are relayed without protocol upgrades such as WebSocket.");
      return;
    }
    if (!exchange.countFor(client(exchange))) {
      return;
    }
    boolean trusted = peers.isTrusted(exchange);
    boolean changesSession =
        purpose == Preset.Purpose.SESSION_CHANGE || preset.isFlagged(target.query());
    LoginLimit.Account account = LoginLimit.Account.UNLIMITED;
    OutpostEvent event = null;
    if (changesSession) {
      Credential credential = credential(exchange);
      account = account(exchange, trusted, credential);
      long seconds = account.retryAfterSeconds();
      if (seconds > 0) {
        Responses.tooMany(exchange, seconds);
        return;
      }
      boolean onlySignsOut = preset.onlySignsOut(target.path(), target.query());
      event = cache.revocations().arrived(credential, onlySignsOut);
    }
    boolean mayBeStored = preset.isPublic(target.path());
    start(
        exchange,
        report,
        outpostPath(exchange, target, trusted),
        new PathOutcome(exchange, report, account, event, mayBeStored));
  }

  /// `Upgrade: h2c` may be ignored (RFC 9110 section 7.8): clients that offer it continue with
  /// HTTP/1.1.
  private static boolean asksForAnotherProtocol(RequestHeaders headers) {
    for (String line : headers.values("Upgrade")) {
      for (String protocol : line.split(",", -1)) {
        if (!protocol.isBlank() && !protocol.strip().toLowerCase(Locale.ROOT).equals("h2c")) {
          return true;
        }
      }
    }
    return false;
  }

  private RequestHead outpostPath(Exchange exchange, Target target, boolean trusted) {
    Exchange.Head head = exchange.head();
    return RelayRequest.outpostPath(
        head.method(),
        target.pathAndQuery(),
        head.headers(),
        new RelayRequest.ObservedRequest(
            head.scheme(), head.authority(), exchange.localPort(), Peers.address(exchange)),
        trusted);
  }

  private LoginLimit.Account account(Exchange exchange, boolean trusted, Credential credential) {
    return parts
        .loginLimit()
        .account(
            trusted ? exchange.head().headers() : NO_LINES,
            Peers.address(exchange),
            new LoginLimit.Sent(
                !credential.isEmpty(), true, () -> cache.isKnownSession(credential)));
  }

  /// Relays a forward-auth request that has a body. Its allow is not stored, but any other verdict
  /// removes the entry of its key.
  void relayCheck(Asking asking, Target target) {
    Exchange exchange = asking.exchange();
    Question question = asking.question();
    RequestHead request =
        RelayRequest.check(question.request(), target.pathAndQuery(), relays.client().authority());
    start(
        exchange,
        asking.report(),
        request,
        new CheckOutcome(
            asking, cache.beginRelayed(question), responses, client(exchange), parts.ticker()));
  }

  private Credential credential(Exchange exchange) {
    return Credential.of(HeaderLines.copyOf(exchange.head().headers()), preset);
  }

  private void start(Exchange exchange, Report report, RequestHead request, Relay.Outcome outcome) {
    report.relaying();
    new Relay(relays, exchange, request, client(exchange), outcome).enter();
  }

  /// The client that a request is counted for. Only trusted peers may name another one.
  private String client(Exchange exchange) {
    RequestHeaders headers = peers.isTrusted(exchange) ? exchange.head().headers() : NO_LINES;
    return parts.clients().address(headers, Peers.address(exchange));
  }
}
