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

/// Adds client-side TLS to an open connection. The server name to send and verify is
/// `tls.serverName`, otherwise the host that was connected to.
///
/// The name is sent as Go, and therefore Traefik, sends it: without a final dot, with underscores,
/// also when it has no dot at all, and not when it is an address (RFC 6066 section 3).
public final class TlsLayer {
  private TlsLayer() {}

  /// Performs the TLS handshake.
  ///
  /// @param socket the open connection, which is closed together with the TLS socket
  /// @param host the host that was connected to
  /// @return the TLS socket
  /// @throws IOException if the handshake fails or the certificate is not accepted
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

  /// The server name to send and to verify.
  ///
  /// @param host the host to connect to
  public static HostName name(ClientTls tls, HostName host) {
    HostName name = tls.serverName();
    return name == null ? host : name;
  }

  /// Sets the server name to send, and whether the certificate is verified against it. The peer
  /// host of the socket or engine must be the name's [HostName#certificateName], and its context
  /// must come from [ClientTlsContext].
  public static void askFor(HostName name, ClientTls tls, SSLParameters parameters) {
    if (!tls.insecureSkipVerify()) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    String sent = name.sniName();
    parameters.setServerNames(sent == null ? List.of() : List.of(new ServerName(sent)));
  }

  /// A server name of any spelling; `SNIHostName` rejects underscores.
  private static final class ServerName extends SNIServerName {
    ServerName(String name) {
      super(StandardConstants.SNI_HOST_NAME, name.getBytes(US_ASCII));
    }
  }
}
