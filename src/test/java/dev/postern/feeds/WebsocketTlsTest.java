package dev.postern.feeds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.config.tls.ClientTls;
import dev.postern.config.tls.client.ClientTlsContext;
import dev.postern.net.HostName;
import dev.postern.testing.Certificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ServerSocketFactory;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The feed over TLS, with a server whose certificate names `localhost` and 127.0.0.1.
class WebsocketTlsTest extends FeedFixture {
  @TempDir Path directory;
  private Path ca;
  private ClientTls serverSide;

  @BeforeEach
  void certificates() throws Exception {
    Certificates.Pair pair = Certificates.selfSigned(directory, "authentik");
    ca = Files.writeString(directory.resolve("ca.pem"), pair.certPem());
    Path key = Files.writeString(directory.resolve("key.pem"), pair.keyPem());
    serverSide = new ClientTls(ca, ca, key, null, false);
  }

  private static void sendEnd(RawPeer.Connection connection) throws Exception {
    connection.accept();
    connection.pong();
    connection.message(END);
    connection.awaitEnd();
  }

  private RawPeer peer() throws IOException {
    return closing(
        new RawPeer(
            ClientTlsContext.of("test", serverSide).getServerSocketFactory(),
            WebsocketTlsTest::sendEnd));
  }

  private WebsocketFeed feed(
      RawPeer peer, String host, @Nullable Path trusted, @Nullable String name, boolean skip)
      throws IOException {
    ClientTls tls =
        new ClientTls(trusted, null, null, name == null ? null : new HostName(name), skip);
    return feed("https://" + host + ":" + peer.port(), ID, TOKEN, tls);
  }

  @Test
  void certificate_trustedAndNamed_isAccepted() throws IOException {
    feed(peer(), "127.0.0.1", ca, null, false);
    awaitHappened("SESSION_END", 1);
  }

  @Test
  void silence_overTls_isBridgedByPings() throws Exception {
    RawPeer peer =
        closing(
            new RawPeer(
                ClientTlsContext.of("test", serverSide).getServerSocketFactory(),
                connection -> {
                  connection.accept();
                  connection.pong();
                  // The feed sends a ping after some silence.
                  for (int pings = 0; pings < 3; pings++) {
                    connection.in().readNBytes(6);
                    connection.pong();
                  }
                  connection.message(END);
                  connection.awaitEnd();
                }));
    feed(peer, "localhost", ca, null, false);
    awaitHappened("SESSION_END", 1);
    assertThat(watched.happened).doesNotContain("lost");
  }

  @Test
  void certificate_ofAnUnknownAuthority_isRefusedAndTheTokenKept() throws IOException {
    RawPeer peer = peer();
    assertThat(awaitError(feed(peer, "localhost", null, null, false)))
        .contains("TLS with localhost:")
        .contains("feeds.websocket.tls.ca");
    assertThat(peer.heads).isEmpty();
  }

  @Test
  void certificate_ofAnotherName_isRefusedAndTheTokenKept() throws IOException {
    RawPeer peer = peer();
    assertThat(awaitError(feed(peer, "localhost", ca, "other.example", false)))
        .contains("TLS with localhost:")
        .contains("feeds.websocket.tls.serverName");
    assertThat(peer.heads).isEmpty();
  }

  @Test
  void certificate_anyWithInsecureSkipVerify_isAccepted() throws IOException {
    feed(peer(), "localhost", null, "other.example", true);
    awaitHappened("SESSION_END", 1);
  }

  @Test
  void end_withoutCloseNotify_isLost() throws Exception {
    RawPeer peer =
        closing(
            new RawPeer(
                ClientTlsContext.of("test", serverSide).getServerSocketFactory(),
                connection -> {
                  connection.accept();
                  connection.pong();
                  if (connection.number() > 1) {
                    connection.message(END);
                    connection.awaitEnd();
                  }
                }));
    feed(peer, "localhost", ca, null, false);
    awaitHappened("SESSION_END", 1);
  }

  @Test
  void certificate_thatTheServerMisses_isReported() throws Exception {
    SSLServerSocketFactory factory =
        ClientTlsContext.of("test", serverSide).getServerSocketFactory();
    RawPeer peer =
        closing(
            new RawPeer(
                new ServerSocketFactory() {
                  @Override
                  public ServerSocket createServerSocket(int port, int backlog, InetAddress address)
                      throws IOException {
                    SSLServerSocket listener =
                        (SSLServerSocket) factory.createServerSocket(port, backlog, address);
                    listener.setNeedClientAuth(true);
                    return listener;
                  }

                  @Override
                  public ServerSocket createServerSocket(int port, int backlog) throws IOException {
                    return createServerSocket(port, backlog, InetAddress.getLoopbackAddress());
                  }

                  @Override
                  public ServerSocket createServerSocket(int port) throws IOException {
                    return createServerSocket(port, 50);
                  }
                },
                WebsocketTlsTest::sendEnd));
    assertThat(awaitError(feed(peer, "localhost", ca, null, false)))
        .contains("it requires a client certificate that it trusts")
        .contains("feeds.websocket.tls.cert");
  }

  @Test
  void serverName_given_isSent() throws Exception {
    List<String> names = new CopyOnWriteArrayList<>();
    try (SSLServerSocket listener =
        (SSLServerSocket)
            ClientTlsContext.of("test", serverSide)
                .getServerSocketFactory()
                .createServerSocket(0, 50, java.net.InetAddress.getLoopbackAddress())) {
      ClientTls tls = new ClientTls(null, null, null, new HostName("authentik.example"), true);
      feed("https://127.0.0.1:" + listener.getLocalPort(), ID, TOKEN, tls);
      try (SSLSocket socket = (SSLSocket) listener.accept()) {
        socket.startHandshake();
        ((ExtendedSSLSession) socket.getSession())
            .getRequestedServerNames()
            .forEach(name -> names.add(((SNIHostName) name).getAsciiName()));
      }
    }
    assertThat(names).containsExactly("authentik.example");
  }

  @Test
  void plainServer_behindHttps_isReported() throws IOException {
    RawPeer plain = closing(new RawPeer(WebsocketTlsTest::sendEnd));
    assertThat(awaitError(feed(plain, "localhost", ca, null, false))).isNotEmpty();
    assertThat(watched.happened).doesNotContain("connected");
  }

  @Test
  void tlsServer_behindHttp_isReported() throws IOException {
    WebsocketFeed feed = feed(peer().port());
    assertThat(awaitError(feed)).isNotEmpty();
    assertThat(watched.happened).doesNotContain("connected");
  }

  @Test
  void caFile_missing_isAnErrorAtStart() {
    Path nowhere = directory.resolve("nowhere.pem");
    assertThatThrownBy(() ->
            feed("https://localhost:1", ID, TOKEN, new ClientTls(nowhere, null, null, null, false)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("nowhere.pem");
  }
}
