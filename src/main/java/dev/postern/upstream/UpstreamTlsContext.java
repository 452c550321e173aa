package dev.postern.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.postern.config.UpstreamConfig;
import dev.postern.config.tls.ClientTls;
import dev.postern.config.tls.client.ClientTlsContext;
import dev.postern.net.Endpoint;
import dev.postern.net.HostName;
import io.netty.handler.ssl.SslHandler;
import java.io.IOException;
import java.util.List;
import javax.net.ssl.SNIHostName;
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
  private final boolean checksName;

  private UpstreamTlsContext(SSLContext context, HostName serverName, boolean checksName) {
    this.context = context;
    this.serverName = serverName;
    this.checksName = checksName;
  }

  /// Reads the certificates that the configuration names.
  ///
  /// @param config the upstream
  /// @return the context, or null for a plain upstream
  /// @throws IOException if a file cannot be read, with a message that names it
  public static @Nullable UpstreamTlsContext of(UpstreamConfig config) throws IOException {
    Endpoint endpoint = UpstreamClient.endpoint(config);
    if (!endpoint.isTls()) {
      return null;
    }
    ClientTls tls = config.tls();
    return new UpstreamTlsContext(
        ClientTlsContext.of("upstream.tls", tls),
        serverName(tls.serverName(), endpoint.host()),
        !tls.insecureSkipVerify());
  }

  private static HostName serverName(@Nullable String given, HostName host) throws IOException {
    return given == null
        ? host
        : HostName.of(given)
            .orElseThrow(() ->
                new IOException(
                    "upstream.tls.serverName is neither a host name nor an IP address"));
  }

  /// The TLS of one connection.
  ///
  /// @param port the port that is connected to
  SslHandler handler(int port) {
    SSLEngine engine = context.createSSLEngine(serverName.certificateName(), port);
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    String sni = serverName.sniName();
    parameters.setServerNames(
        sni == null ? List.of() : List.of(new SNIHostName(sni.getBytes(US_ASCII))));
    if (checksName) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    engine.setSSLParameters(parameters);
    SslHandler handler = new SslHandler(engine);
    // The whole of connecting has a limit already.
    handler.setHandshakeTimeoutMillis(0);
    handler.setCloseNotifyFlushTimeoutMillis(CLOSE_MILLIS);
    return handler;
  }
}
