package dev.postern.server.edge;

import dev.postern.server.Exchange.TlsSession;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSession;

/// Waits for the end of a TLS handshake: selects the protocol, or reports why it failed.
final class Handshake extends ChannelInboundHandlerAdapter {
  /// The JDK's message when the peer has sent a fatal alert.
  private static final Pattern ALERT = Pattern.compile("Received fatal alert: ([a-z_]+)");

  /// The JDK's messages when a client has no certificate, or one that is not accepted.
  private static final Pattern CLIENT_CERTIFICATE =
      Pattern.compile(
          "(?i)empty client certificate|null cert chain|bad_certificate|certificate_required"
              + "|PKIX|certificate.*(expired|valid|trust|unknown)");

  /// Alerts of a peer that rejects the certificate (RFC 8446 section 6.2).
  private static final List<String> CERTIFICATE_ALERTS =
      List.of(
          "bad_certificate",
          "unsupported_certificate",
          "certificate_revoked",
          "certificate_expired",
          "certificate_unknown",
          "unknown_ca");

  private final Peer peer;
  private final SslHandler tls;

  Handshake(Peer peer, SslHandler tls) {
    this.peer = peer;
    this.tls = tls;
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent completion) {
      if (completion.isSuccess()) {
        speak(ctx);
      } else {
        failed(completion.cause());
        var _ = ctx.close();
      }
    } else {
      ctx.fireUserEventTriggered(event);
    }
  }

  private void speak(ChannelHandlerContext ctx) {
    SSLSession session = tls.engine().getSession();
    Peer known = peer.withTls(new TlsSession(version(session), session.getCipherSuite()));
    if ("h2".equals(tls.applicationProtocol())) {
      ctx.pipeline().addLast(Http2Session.of(known));
    } else {
      ctx.pipeline().addLast(new Http1Connection(known));
    }
    ctx.pipeline().remove(this);
  }

  private static String version(SSLSession session) {
    return switch (session.getProtocol()) {
      case "TLSv1.3" -> "1.3";
      case "TLSv1.2" -> "1.2";
      default -> "unknown";
    };
  }

  private void failed(Throwable cause) {
    String address = peer.address().getAddress().getHostAddress();
    String message = String.valueOf(cause.getMessage());
    Matcher alert = ALERT.matcher(message);
    if (cause instanceof NotSslRecordException) {
      peer.listener().plainOnTls(address);
    } else if (cause instanceof SslHandshakeTimeoutException) {
      peer.exceeded(Limit.HANDSHAKE_TIME);
    } else if (alert.find()) {
      if (CERTIFICATE_ALERTS.contains(alert.group(1))) {
        peer.listener().certificateRefused(address, alert.group(1));
      }
    } else if (CLIENT_CERTIFICATE.matcher(message).find()) {
      peer.listener().clientCertificateRefused(address, message);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // The handshake event has reported the reason.
    var _ = ctx.close();
  }
}
