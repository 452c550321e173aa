package dev.postern.server;

import dev.postern.net.LoopGuard;
import dev.postern.server.observe.PeerNotices;
import dev.postern.server.observe.Report;
import dev.postern.verdict.Preset;

/// Selects the handler by the path: forward-auth, outpost path or neither.
final class AuthHandler implements Handler {
  private final Preset preset;
  private final Peers peers;
  private final PeerNotices notices;
  private final LoopGuard loops;
  private final ForwardAuthHandler forwardAuth;
  private final OutpostProxy proxy;

  /// @param peers which peers may send forward-auth requests
  /// @param notices logs untrusted peers and loops
  /// @param loops detects requests that Postern has sent itself
  /// @param forwardAuth handles forward-auth requests
  /// @param proxy relays outpost paths
  AuthHandler(
      Preset preset,
      Peers peers,
      PeerNotices notices,
      LoopGuard loops,
      ForwardAuthHandler forwardAuth,
      OutpostProxy proxy) {
    this.preset = preset;
    this.peers = peers;
    this.notices = notices;
    this.loops = loops;
    this.forwardAuth = forwardAuth;
    this.proxy = proxy;
  }

  @Override
  public void handle(Exchange exchange, Report report) {
    if (loops.isLoop(exchange.head().headers())) {
      notices.loop(Peers.address(exchange));
      Responses.refuse(exchange, 508, "upstream.url leads back to Postern.");
      return;
    }
    Target target = Target.of(exchange.head().target());
    if (target.hasFragment()) {
      Responses.refuse(exchange, 400, "The request target contains a fragment.");
      return;
    }
    Preset.Purpose purpose = target.purpose(preset);
    if (purpose == null) {
      Responses.refuse(exchange, 400, "The path is not in canonical form.");
      return;
    }
    switch (purpose) {
      case FORWARD_AUTH -> forwardAuth(exchange, report, target);
      case SESSION_CHANGE, RELAY -> proxy.relay(exchange, report, target, purpose);
      case UNKNOWN -> Responses.refuse(exchange, 404, "Not found.");
    }
  }

  private void forwardAuth(Exchange exchange, Report report, Target target) {
    if (peers.isTrusted(exchange)) {
      forwardAuth.handle(exchange, report, target);
    } else {
      notices.untrusted(Peers.address(exchange));
      Responses.refuse(
          exchange, 403, "This peer is not trusted; add it to forwardedHeaders.trustedIPs.");
    }
  }
}
