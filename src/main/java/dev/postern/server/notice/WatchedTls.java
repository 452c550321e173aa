package dev.postern.server.notice;

import java.security.KeyManagementException;
import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/// A server's TLS whose failed handshakes are told. Undertow closes such a connection without a
/// word and keeps the reason to itself; only the engine knows it.
public final class WatchedTls extends SSLContext {
  private WatchedTls(SSLContext context, PeerNotices notices) {
    super(new Spi(context, notices), context.getProvider(), context.getProtocol());
  }

  /// Watches a context.
  ///
  /// @param context makes the engines; its initialisation is over
  /// @param notices told of handshakes that fail
  /// @return the context to listen with
  public static SSLContext over(SSLContext context, PeerNotices notices) {
    return new WatchedTls(context, notices);
  }

  private static final class Spi extends SSLContextSpi {
    private final SSLContext context;
    private final PeerNotices notices;

    Spi(SSLContext context, PeerNotices notices) {
      this.context = context;
      this.notices = notices;
    }

    @Override
    protected void engineInit(
        KeyManager @Nullable [] keys,
        TrustManager @Nullable [] trust,
        @Nullable SecureRandom random)
        throws KeyManagementException {
      context.init(keys, trust, random);
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
      return context.getSocketFactory();
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
      return context.getServerSocketFactory();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
      return new WatchedEngine(context.createSSLEngine(), notices);
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
      return new WatchedEngine(context.createSSLEngine(host, port), notices);
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
      return context.getServerSessionContext();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
      return context.getClientSessionContext();
    }
  }
}
