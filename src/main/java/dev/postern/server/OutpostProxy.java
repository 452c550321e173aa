package dev.postern.server;

import dev.postern.http.ForwardedFor;
import dev.postern.http.HeaderLines;
import dev.postern.upstream.RelayRequest;
import dev.postern.upstream.UndertowHeaders;
import dev.postern.upstream.wire.RequestHead;
import dev.postern.verdict.Credential;
import dev.postern.verdict.OutpostEvent;
import dev.postern.verdict.Preset;
import dev.postern.verdict.Question;
import dev.postern.verdict.Revocations;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.SameThreadExecutor;
import org.jspecify.annotations.Nullable;

/// Relays the outpost's own paths: login start, callback, sign-out and what their pages need.
///
/// Requests that may change who a session is are events: they revoke on arrival and again when
/// their outcome is known, before its first byte is relayed (invariant 5).
final class OutpostProxy {
  private final Preset preset;
  private final Revocations revocations;
  private final Peers peers;
  private final Relay.Parts parts;

  OutpostProxy(Preset preset, Revocations revocations, Peers peers, Relay.Parts parts) {
    this.preset = preset;
    this.revocations = revocations;
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
    OutpostEvent event = changesSession ? arrived(exchange) : null;
    boolean trusted = peers.isTrusted(exchange);
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
    start(exchange, request, client, event);
  }

  /// Relays a forward-auth request that has a body.
  void relayCheck(HttpServerExchange exchange, Target target, Question question) {
    OutpostEvent event = question.flagged() ? arrived(exchange) : null;
    RequestHead request =
        RelayRequest.check(
            question.request(), target.pathAndQuery(), parts.connections().authority());
    start(exchange, request, question.request().client(Peers.address(exchange)), event);
  }

  private OutpostEvent arrived(HttpServerExchange exchange) {
    UndertowHeaders headers = new UndertowHeaders(exchange.getRequestHeaders());
    return revocations.arrived(Credential.of(HeaderLines.copyOf(headers), preset));
  }

  private void start(
      HttpServerExchange exchange,
      RequestHead request,
      String client,
      @Nullable OutpostEvent event) {
    Relay relay = new Relay(parts, exchange, request, client, event);
    exchange.dispatch(SameThreadExecutor.INSTANCE, relay::enter);
  }
}
