package dev.postern.config.tls.client;

import dev.postern.config.tls.ClientTls;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/// TLS as a client over a connection that stands already, with one name to ask for and to check:
/// `tls.serverName`, else the host that was connected to.
public final class TlsLayer {
  /// Addresses are no server names (RFC 6066, section 3).
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|.*:.*");

  private TlsLayer() {}

  /// Shakes hands.
  ///
  /// @param socket the connection, which is closed together with the layer
  /// @param context which certificates are trusted and shown
  /// @param tls what the configuration says
  /// @param host the host that was connected to
  /// @return the connection to write to and read from
  /// @throws IOException if the two cannot agree, or the certificate is not the right one
  public static SSLSocket over(Socket socket, SSLContext context, ClientTls tls, String host)
      throws IOException {
    String name = tls.serverName();
    SSLSocket secured =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(socket, name == null ? host : name, socket.getPort(), true);
    SSLParameters parameters = secured.getSSLParameters();
    if (!tls.insecureSkipVerify()) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    if (name != null && !ADDRESS.matcher(name).matches()) {
      parameters.setServerNames(List.of(new SNIHostName(name)));
    }
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    return secured;
  }
}
