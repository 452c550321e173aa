package dev.postern.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.config.DataSize;
import dev.postern.config.UpstreamConfig;
import dev.postern.config.tls.ClientTls;
import dev.postern.net.Endpoint;
import dev.postern.net.HostName;
import dev.postern.testing.Certificates;
import dev.postern.upstream.CheckExchange.Outcome;
import dev.postern.verdict.Verdict.Fault;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// TLS to an upstream whose certificate names `localhost` and 127.0.0.1.
class UpstreamTlsTest {
  @TempDir Path directory;
  private Path certFile;
  private SSLServerSocket listener;
  private final List<String> names = new CopyOnWriteArrayList<>();
  private final AtomicInteger accepted = new AtomicInteger();

  @BeforeEach
  void listen() throws Exception {
    Certificates.Pair pair = Certificates.selfSigned(directory, "upstream");
    certFile = Files.writeString(directory.resolve("ca.pem"), pair.certPem());
    listener =
        (SSLServerSocket)
            serverContext(pair)
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  @AfterEach
  void stop() throws IOException {
    listener.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "127.0.0.1"})
  void certificate_thatNamesTheHost_isAcceptedAndItsConnectionKept(String host) throws Exception {
    try (Asking asking = asking(host, new ClientTls(certFile, null, null, null, false))) {
      for (int i = 0; i < 3; i++) {
        assertThat(Asking.body(asking.answer())).isEqualTo("a".repeat(100_000));
      }
      assertThat(accepted).hasValue(1);
    }
  }

  @Test
  void serverName_thatTheCertificateNames_isSentInsteadOfTheHost() throws Exception {
    try (Asking asking =
        asking(
            "127.0.0.1", new ClientTls(certFile, null, null, new HostName("localhost"), false))) {
      asking.answer();
      assertThat(names).containsExactly("localhost");
    }
  }

  @Test
  void serverName_thatTheCertificateDoesNotName_isRefused() throws Exception {
    try (Asking asking =
        asking(
            "localhost",
            new ClientTls(certFile, null, null, new HostName("other.example"), false))) {
      assertThat(asking.ask()).isEqualTo(new Outcome.Failed(Fault.CONNECT));
    }
  }

  @Test
  void certificate_ofAnUnknownAuthority_isRefused() throws Exception {
    try (Asking asking = asking("localhost", new ClientTls(null, null, null, null, false))) {
      assertThat(asking.ask()).isEqualTo(new Outcome.Failed(Fault.CONNECT));
    }
  }

  @Test
  void insecureSkipVerify_whateverTheCertificate_acceptsItAndSendsTheName() throws Exception {
    try (Asking asking =
        asking("localhost", new ClientTls(null, null, null, new HostName("other.example"), true))) {
      asking.answer();
      assertThat(names).containsExactly("other.example");
    }
  }

  private Asking asking(String host, ClientTls tls) throws IOException {
    URI url = URI.create("https://" + host + ":" + listener.getLocalPort());
    UpstreamConfig config =
        new UpstreamConfig(
            Endpoint.of(url.toString()),
            UpstreamConfig.PresetName.AUTHENTIK,
            Duration.ofSeconds(10),
            256,
            1024,
            new DataSize(64L << 20),
            tls);
    return new Asking(url, UpstreamTlsContext.of(config));
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        SSLSocket socket = (SSLSocket) listener.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(SSLSocket socket) {
    String body = "a".repeat(100_000);
    byte[] answer = ScriptedServer.ok(body).getBytes(StandardCharsets.ISO_8859_1);
    try (socket) {
      socket.startHandshake();
      accepted.incrementAndGet();
      if (socket.getSession() instanceof ExtendedSSLSession session) {
        session.getRequestedServerNames().stream()
            .map(name -> ((SNIHostName) name).getAsciiName())
            .forEach(names::add);
      }
      InputStream in = socket.getInputStream();
      StringBuilder head = new StringBuilder();
      for (int c = in.read(); c >= 0; c = in.read()) {
        head.append((char) c);
        if (head.toString().endsWith("\r\n\r\n")) {
          head.setLength(0);
          socket.getOutputStream().write(answer);
        }
      }
    } catch (IOException refused) {
      // A client that rejects the certificate ends the handshake.
      return;
    }
  }

  static SSLContext serverContext(Certificates.Pair pair) throws Exception {
    String key =
        pair.keyPem().lines().filter(line -> !line.startsWith("-")).reduce("", String::concat);
    Certificate certificate =
        CertificateFactory.getInstance("X.509")
            .generateCertificate(
                new ByteArrayInputStream(pair.certPem().getBytes(StandardCharsets.US_ASCII)));
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "key",
        KeyFactory.getInstance("EC")
            .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(key))),
        new char[0],
        new Certificate[] {certificate});
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }
}
