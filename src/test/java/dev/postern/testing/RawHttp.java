package dev.postern.testing;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/// A client that sends exactly the given bytes and reads HTTP/1.1 responses from one connection,
/// which it keeps open. Not thread-safe.
public final class RawHttp implements AutoCloseable {
  private static final Duration READ_LIMIT = Duration.ofSeconds(40);

  private final Socket socket;
  private final InputStream in;

  private RawHttp(Socket socket) throws IOException {
    this.socket = socket;
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) READ_LIMIT.toMillis());
    this.in = new BufferedInputStream(socket.getInputStream());
  }

  /// Connects to a port of this machine.
  ///
  /// @return the open connection
  /// @throws IOException when nobody listens
  public static RawHttp connect(int port) throws IOException {
    return connect(InetAddress.getLoopbackAddress(), port);
  }

  /// Connects to a port of this machine from a given local address.
  ///
  /// @param from an address of this machine, 127.0.0.2 for example
  /// @return the open connection
  /// @throws IOException when nobody listens
  public static RawHttp connect(InetAddress from, int port) throws IOException {
    Socket socket = new Socket();
    try {
      socket.bind(new InetSocketAddress(from, 0));
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
      return new RawHttp(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /// Connects to a port of this machine over TLS, offering HTTP/1.1 only.
  ///
  /// @param context decides which certificates are accepted, see [Certificates]
  /// @return the open connection after its handshake
  /// @throws IOException when nobody listens or the handshake fails
  public static RawHttp connectTls(int port, SSLContext context) throws IOException {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
    var parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"http/1.1"});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return new RawHttp(socket);
  }

  /// Connects to a port of this machine over TLS as [#connectTls(int, SSLContext)] does, from a
  /// given local address and with a host name (SNI).
  ///
  /// @param from an address of this machine, 127.0.0.2 for example
  /// @param host the host name (SNI)
  /// @param context decides which certificates are accepted, see [Certificates]
  /// @return the open connection after its handshake
  /// @throws IOException when nobody listens or the handshake fails
  public static RawHttp connectTls(InetAddress from, String host, int port, SSLContext context)
      throws IOException {
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
    try {
      socket.bind(new InetSocketAddress(from, 0));
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
      var parameters = socket.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {"http/1.1"});
      parameters.setServerNames(List.of(new SNIHostName(host)));
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return new RawHttp(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /// Sends one request on a new connection.
  ///
  /// @param port a port of this machine
  /// @param request the whole request
  /// @throws IOException when the connection fails or ends before the answer is complete
  public static RawMessage once(int port, String request) throws IOException {
    try (RawHttp http = connect(port)) {
      return http.exchange(request);
    }
  }

  /// Writes a request without a body.
  ///
  /// @param target path and query
  /// @param lines header lines after each other, `Host` among them
  /// @return one character per byte
  public static String request(String method, String target, List<String> lines) {
    StringBuilder text = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
    lines.forEach(line -> text.append(line).append("\r\n"));
    return text.append("\r\n").toString();
  }

  /// Writes a `GET` without a body.
  ///
  /// @param target path and query
  /// @param lines header lines after each other, `Host` among them
  /// @return one character per byte
  public static String get(String target, String... lines) {
    return request("GET", target, List.of(lines));
  }

  /// The wire form of a text: its UTF-8 bytes, one character per byte.
  ///
  /// @param text any text
  /// @return text for [#send]
  public static String utf8(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /// Sends bytes, whole requests or parts of them.
  ///
  /// @param bytes each character one byte (ISO 8859-1)
  /// @throws IOException when the connection is gone
  public void send(String bytes) throws IOException {
    socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /// Reads the next response.
  ///
  /// @return the response with its whole body
  /// @throws IOException when the connection ends before the answer is complete
  public RawMessage read() throws IOException {
    return RawMessage.read(in, RawMessage.Kind.RESPONSE);
  }

  /// Reads the response to a `HEAD`, which has no body, whatever its Content-Length.
  ///
  /// @throws IOException when the connection ends before the answer is complete
  public RawMessage readHead() throws IOException {
    return RawMessage.read(in, RawMessage.Kind.RESPONSE_WITHOUT_BODY);
  }

  /// Sends one request and reads its response.
  ///
  /// @param request the whole request
  /// @throws IOException when the connection ends before the answer is complete
  public RawMessage exchange(String request) throws IOException {
    send(request);
    return request.startsWith("HEAD ") ? readHead() : read();
  }

  /// {@return the server's certificate, or null without TLS}
  ///
  /// @throws IOException when it sent none
  public @Nullable X509Certificate certificate() throws IOException {
    return socket instanceof SSLSocket tls
        ? (X509Certificate) tls.getSession().getPeerCertificates()[0]
        : null;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
