package dev.postern.upstream.watch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.postern.config.UpstreamConfig;
import dev.postern.config.tls.ClientTls;
import dev.postern.config.tls.client.ClientTlsContext;
import dev.postern.config.tls.client.TlsLayer;
import dev.postern.net.Endpoint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/// Asks for the upstream's health path on a connection of its own, waiting for it as calls for
/// verdicts may not: the JDK's sockets say what XNIO's keep to themselves.
///
/// Nothing that a client has sent goes with it, and nothing in it makes an event at the identity
/// provider (authentik-contract 1.1).
public final class UpstreamProbe implements UpstreamWatch.Probe {
  /// Bound of one attempt to connect, and of one wait for bytes.
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /// More is not needed to know who answers.
  private static final int MOST_BYTES = 2048;

  private final UpstreamConfig config;
  private final String path;
  private final @Nullable SSLContext context;

  private UpstreamProbe(UpstreamConfig config, String path, @Nullable SSLContext context) {
    this.config = config;
    this.path = path;
    this.context = context;
  }

  /// Makes a probe; nothing is asked yet.
  ///
  /// @param config the upstream
  /// @param healthPath what to ask for
  /// @return the probe
  /// @throws IOException if a file of certificates cannot be read, with a message that names it
  public static UpstreamProbe of(UpstreamConfig config, String healthPath) throws IOException {
    boolean isTls = config.url().isTls();
    return new UpstreamProbe(
        config, healthPath, isTls ? ClientTlsContext.of("upstream.tls", config.tls()) : null);
  }

  @Override
  public Optional<String> trouble() {
    Troubles troubles = new Troubles(config.url(), path);
    try (Socket socket = new Socket()) {
      return troubles.answered(answer(socket));
    } catch (IOException e) {
      return Optional.of(troubles.broken(e));
    }
  }

  private String answer(Socket socket) throws IOException {
    Endpoint url = config.url();
    ClientTls tls = config.tls();
    int millis = (int) Math.min(LIMIT.toMillis(), Math.max(1, config.timeout().toMillis()));
    socket.connect(new InetSocketAddress(url.host().text(), url.port()), millis);
    socket.setSoTimeout(millis);
    Socket secured = context == null ? socket : TlsLayer.over(socket, context, tls, url.host());
    String request =
        "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: Postern\r\nConnection: close\r\n\r\n"
            .formatted(path, url.authority());
    secured.getOutputStream().write(request.getBytes(ISO_8859_1));
    secured.getOutputStream().flush();
    return read(secured.getInputStream());
  }

  /// Who refuses a request may say why in the body; of any other answer the head is enough.
  private static String read(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] some = new byte[MOST_BYTES];
    while (bytes.size() < MOST_BYTES) {
      int count = in.read(some);
      if (count < 0) {
        break;
      }
      bytes.write(some, 0, count);
      String text = bytes.toString(ISO_8859_1);
      if (text.contains("\r\n\r\n") && !Troubles.isBadRequest(text)) {
        break;
      }
    }
    return bytes.toString(ISO_8859_1);
  }
}
