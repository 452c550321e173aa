package dev.postern.server.observe;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// Logs configuration errors of an entry point's peers, each once per peer and kind.
public final class PeerNotices {
  private static final Logger LOG = LoggerFactory.getLogger(PeerNotices.class);

  /// Caps log lines, because anyone who can reach the entry point can cause them.
  static final int MAX_NOTICES = 64;

  private enum Kind {
    UNTRUSTED,
    TLS_ON_PLAIN,
    PLAIN_ON_TLS,
    CERTIFICATE,
    CLIENT_CERTIFICATE,
    LIMIT
  }

  private record Notice(Kind kind, String peer) {}

  private final String entryPoint;
  private final Set<Notice> logged = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean loopLogged = new AtomicBoolean();

  /// @param entryPoint name of the entry point
  public PeerNotices(String entryPoint) {
    this.entryPoint = entryPoint;
  }

  /// An untrusted peer sends forward-auth requests.
  ///
  /// @param peer its address
  public void untrusted(String peer) {
    if (isFirst(Kind.UNTRUSTED, peer)) {
      warning(peer)
          .log(
              "This peer is not trusted and gets 403; if it is Traefik, add its address to"
                  + " entryPoints.{}.forwardedHeaders.trustedIPs",
              entryPoint);
    }
  }

  /// A peer sends a request that Postern itself has sent to the upstream. Logged once.
  ///
  /// @param peer its address
  public void loop(String peer) {
    if (loopLogged.compareAndSet(false, true)) {
      warning(peer)
          .log(
              "upstream.url leads back to Postern, directly or through this peer, so every request"
                  + " that needs the identity provider gets 508; set it to the address of the"
                  + " outpost itself");
    }
  }

  /// A peer begins a TLS handshake on an entry point without TLS.
  ///
  /// @param peer its address
  public void tlsOnPlain(String peer) {
    if (isFirst(Kind.TLS_ON_PLAIN, peer)) {
      warning(peer)
          .log(
              "This peer uses TLS on an entry point without TLS; if it is Traefik, write http://"
                  + " in the address of its ForwardAuth, or use the entry point auths");
    }
  }

  /// A peer sends something other than TLS to an entry point with TLS.
  ///
  /// @param peer its address
  public void plainOnTls(String peer) {
    if (isFirst(Kind.PLAIN_ON_TLS, peer)) {
      warning(peer)
          .log(
              "This peer does not use TLS on an entry point with TLS; if it is Traefik, write"
                  + " https:// in the address of its ForwardAuth");
    }
  }

  /// A peer rejects the certificate.
  ///
  /// @param peer its address
  /// @param alert the name of the alert it sent (RFC 8446 section 6.2)
  public void certificateRefused(String peer, String alert) {
    if (isFirst(Kind.CERTIFICATE, peer)) {
      warning(peer)
          .addKeyValue("alert", alert)
          .log(
              "This peer does not trust the certificate of the entry point {}; if it is Traefik,"
                  + " set tls.ca of its ForwardAuth to that certificate (a self-made one is"
                  + " postern.crt in stateDirectory) and use a host name that it contains"
                  + " (entryPoints.{}.http.tls.domains), or set tls.insecureSkipVerify",
              entryPoint,
              entryPoint);
    }
  }

  /// A peer presents no client certificate, or one that is not accepted.
  ///
  /// @param peer its address
  /// @param reason what is wrong with it
  public void clientCertificateRefused(String peer, String reason) {
    if (isFirst(Kind.CLIENT_CERTIFICATE, peer)) {
      warning(peer)
          .addKeyValue("reason", reason)
          .log(
              "This peer presents no client certificate that entryPoints.{}.http.tls.clientAuth"
                  + " accepts; if it is Traefik, set tls.cert and tls.key of its ForwardAuth",
              entryPoint);
    }
  }

  /// A peer has exceeded a limit that clients behind a proxy cannot reach.
  ///
  /// @param peer its address
  /// @param sentence the limit's message
  public void limited(String peer, String sentence) {
    if (isFirst(Kind.LIMIT, peer)) {
      warning(peer)
          .addKeyValue("limit", sentence)
          .log("This peer has reached a limit, and its connection was closed");
    }
  }

  private boolean isFirst(Kind kind, String peer) {
    Notice notice = new Notice(kind, peer);
    return !logged.contains(notice) && logged.size() < MAX_NOTICES && logged.add(notice);
  }

  private LoggingEventBuilder warning(String peer) {
    return LOG.atWarn().addKeyValue("peer", peer).addKeyValue("entryPoint", entryPoint);
  }
}
