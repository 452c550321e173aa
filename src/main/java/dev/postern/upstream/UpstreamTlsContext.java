package dev.postern.upstream;

import dev.postern.config.UpstreamConfig;
import dev.postern.config.tls.ClientTls;
import dev.postern.config.tls.client.ClientTlsContext;
import dev.postern.config.tls.client.TlsLayer;
import dev.postern.net.Endpoint;
import dev.postern.net.HostName;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/// TLS towards the upstream.
///
/// The name in `tls.serverName`, else the host of the URL, is asked for and looked for in the
/// certificate. An address is looked for among the certificate's addresses and not asked for (RFC
/// 6066 section 3).
public final class UpstreamTlsContext {
  /// How long the last bytes may take, the `close_notify`, before the connection is just closed.
  private static final long CLOSE_MILLIS = 1000;

  private final SSLContext context;
  private final HostName serverName;
  private final ClientTls tls;

  private UpstreamTlsContext(SSLContext context, HostName serverName, ClientTls tls) {
    this.context = context;
    this.serverName = serverName;
    this.tls = tls;
  }

  /// Reads the certificates that the configuration names.
  ///
  /// @param config the upstream
  /// @return the context, or null for a plain upstream
  /// @throws IOException if a file cannot be read, with a message that names it
  public static @Nullable UpstreamTlsContext of(UpstreamConfig config) throws IOException {
    Endpoint endpoint = config.url();
    if (!endpoint.isTls()) {
      return null;
    }
    ClientTls tls = config.tls();
    return new UpstreamTlsContext(
        ClientTlsContext.of("upstream.tls", tls), TlsLayer.name(tls, endpoint.host()), tls);
  }

  /// The TLS of one connection.
  ///
  /// @param port the port that is connected to
  SslHandler handler(int port) {
    SSLEngine engine = context.createSSLEngine(serverName.certificateName(), port);
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    TlsLayer.askFor(serverName, tls, parameters);
    engine.setSSLParameters(parameters);
    SslHandler handler = new SslHandler(engine);
    // The whole of connecting has a limit already.
    handler.setHandshakeTimeoutMillis(0);
    handler.setCloseNotifyFlushTimeoutMillis(CLOSE_MILLIS);
    return handler;
  }
}
