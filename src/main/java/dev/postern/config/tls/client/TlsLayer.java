package dev.postern.config.tls.client;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.postern.config.tls.ClientTls;
import dev.postern.net.HostName;
import java.io.IOException;
import java.net.Socket;
import java.util.List;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.StandardConstants;

/// TLS as a client over a connection that stands already, with one name to ask for and to check:
/// `tls.serverName`, else the host that was connected to.
///
/// The name is sent as Go, and so Traefik, sends it: without a final dot, with underscores, also
/// when it has no dot at all, and not when it is an address (RFC 6066 section 3).
public final class TlsLayer {
  private TlsLayer() {}

  /// Shakes hands.
  ///
  /// @param socket the connection, which is closed together with the layer
  /// @param context which certificates are trusted and shown
  /// @param tls what the configuration says
  /// @param host the host that was connected to
  /// @return the connection to write to and read from
  /// @throws IOException if the two cannot agree, or the certificate is not the right one
  public static SSLSocket over(Socket socket, SSLContext context, ClientTls tls, HostName host)
      throws IOException {
    HostName name = name(tls, host);
    SSLSocket secured =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(socket, name.certificateName(), socket.getPort(), true);
    SSLParameters parameters = secured.getSSLParameters();
    askFor(name, tls, parameters);
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    return secured;
  }

  /// The name to ask for and to check.
  ///
  /// @param tls what the configuration says
  /// @param host the host that is connected to
  /// @return `tls.serverName`, else the host
  public static HostName name(ClientTls tls, HostName host) {
    HostName name = tls.serverName();
    return name == null ? host : name;
  }

  /// Sets what is sent as server name, and whether the certificate is checked for it. The peer host
  /// of the socket or engine has to be the name's [HostName#certificateName], and its context one
  /// of [ClientTlsContext].
  ///
  /// @param name the name to ask for and to check
  /// @param tls what the configuration says
  /// @param parameters the parameters to change
  public static void askFor(HostName name, ClientTls tls, SSLParameters parameters) {
    if (!tls.insecureSkipVerify()) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    String sent = name.sniName();
    parameters.setServerNames(sent == null ? List.of() : List.of(new ServerName(sent)));
  }

  /// A name of any spelling; `SNIHostName` takes no underscores.
  private static final class ServerName extends SNIServerName {
    ServerName(String name) {
      super(StandardConstants.SNI_HOST_NAME, name.getBytes(US_ASCII));
    }
  }
}
