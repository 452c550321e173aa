package dev.postern.upstream;

import dev.postern.config.UpstreamConfig;
import dev.postern.config.tls.ClientTls;
import dev.postern.config.tls.client.ClientTlsContext;
import dev.postern.config.tls.client.TlsLayer;
import io.undertow.protocols.ssl.UndertowXnioSsl;
import java.io.IOException;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.xnio.OptionMap;
import org.xnio.Xnio;
import org.xnio.ssl.XnioSsl;

/// TLS towards the upstream.
public final class UpstreamTlsContext {
  private final SSLContext context;
  private final String serverName;
  private final boolean checksName;

  private UpstreamTlsContext(SSLContext context, String serverName, boolean checksName) {
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
    if (!config.url().isTls()) {
      return null;
    }
    ClientTls tls = config.tls();
    String serverName = TlsLayer.name(tls, config.url().host()).certificateName();
    return new UpstreamTlsContext(
        ClientTlsContext.of("upstream.tls", tls), serverName, !tls.insecureSkipVerify());
  }

  XnioSsl xnioSsl(IoWorker io) {
    return new UndertowXnioSsl(Xnio.getInstance(), OptionMap.EMPTY, io.buffers(), context);
  }

  String serverName() {
    return serverName;
  }

  boolean checksName() {
    return checksName;
  }
}
