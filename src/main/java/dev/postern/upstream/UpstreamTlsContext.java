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

/// TLS to the upstream.
///
/// The server name is `tls.serverName`, or else the host of the URL; it is sent as SNI and must
/// match the certificate. An IP address must match the certificate too, but is not sent (RFC 6066
/// section 3).
public final class UpstreamTlsContext {
  /// How long sending `close_notify` may take before the connection is closed without it.
  private static final long CLOSE_MILLIS = 1000;

  private final SSLContext context;
  private final HostName serverName;
  private final ClientTls tls;

  private UpstreamTlsContext(SSLContext context, HostName serverName, ClientTls tls) {
    this.context = context;
    this.serverName = serverName;
    this.tls = tls;
  }

  /// Reads the configured certificates.
  ///
  /// @return the context, or null for an `http` upstream
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

  /// The TLS handler of one connection.
  ///
  /// @param port the port to connect to
  SslHandler handler(int port) {
    SSLEngine engine = context.createSSLEngine(serverName.certificateName(), port);
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    TlsLayer.askFor(serverName, tls, parameters);
    engine.setSSLParameters(parameters);
    SslHandler handler = new SslHandler(engine);
    // Connecting as a whole already has a limit.
    handler.setHandshakeTimeoutMillis(0);
    handler.setCloseNotifyFlushTimeoutMillis(CLOSE_MILLIS);
    return handler;
  }
}
