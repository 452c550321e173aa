package dev.postern.routing.source;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.config.tls.ClientTls;
import dev.postern.config.tls.client.ClientTlsContext;
import dev.postern.net.HostName;
import dev.postern.testing.Certificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ServerSocketFactory;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// An API over TLS whose certificate names `localhost` and 127.0.0.1.
class ApiTlsTest {
  @TempDir Path directory;
  private final List<String> heads = new CopyOnWriteArrayList<>();
  private final List<String> names = new CopyOnWriteArrayList<>();
  private Path ca;
  private ServerSocketFactory sockets;
  private @Nullable ServerSocket server;

  @BeforeEach
  void certificates() throws Exception {
    Certificates.Pair pair = Certificates.selfSigned(directory, "traefik");
    ca = Files.writeString(directory.resolve("ca.pem"), pair.certPem());
    Path key = Files.writeString(directory.resolve("key.pem"), pair.keyPem());
    sockets =
        ClientTlsContext.of("test", new ClientTls(ca, ca, key, null, false))
            .getServerSocketFactory();
  }

  @AfterEach
  void close() throws IOException {
    if (server != null) {
      server.close();
    }
  }

  private int serve(ServerSocketFactory factory) throws IOException {
    ServerSocket listener = factory.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
    server = listener;
    Thread.ofVirtual()
        .start(() -> {
          try (Socket socket = listener.accept()) {
            byte[] bytes = new byte[4096];
            int count = Math.max(0, socket.getInputStream().read(bytes));
            heads.add(new String(bytes, 0, count, ISO_8859_1));
            if (socket instanceof SSLSocket secured
                && secured.getSession() instanceof ExtendedSSLSession session) {
              session
                  .getRequestedServerNames()
                  .forEach(name -> names.add(((SNIHostName) name).getAsciiName()));
            }
            socket.getOutputStream().write(FakeApi.ok("[1]").getBytes(ISO_8859_1));
            socket.getOutputStream().flush();
          } catch (IOException refused) {
            // The tests look at the client's result.
          }
        });
    return listener.getLocalPort();
  }

  private static ApiPage ask(String endpoint, ClientTls tls) throws IOException, ApiFailure {
    ApiTarget target = FakeApi.target(URI.create(endpoint), tls, Duration.ofSeconds(20));
    return new ApiClient(target, System::nanoTime).get("/list");
  }

  private ClientTls trusting(@Nullable Path trusted, @Nullable String name, boolean skip) {
    return new ClientTls(trusted, null, null, name == null ? null : new HostName(name), skip);
  }

  @Test
  void certificate_trustedAndNamed_isAccepted() throws Exception {
    int port = serve(sockets);
    assertThat(ask("https://127.0.0.1:" + port, trusting(ca, null, false)).array()).hasSize(1);
    assertThat(heads).singleElement().asString().contains(FakeApi.SECRET);
  }

  @Test
  void certificate_ofAnUnknownAuthority_isRefusedAndTheCredentialsKept() throws IOException {
    int port = serve(sockets);
    assertThatThrownBy(() -> ask("https://localhost:" + port, trusting(null, null, false)))
        .isInstanceOf(ApiFailure.class)
        .hasMessageContaining("TLS with localhost:" + port + " fails")
        .hasMessageContaining("set the CA or the certificate itself in providers.traefik.tls.ca");
    assertThat(heads).noneMatch(head -> head.contains("s3cret"));
  }

  @Test
  void certificate_ofAnotherName_isRefusedAndTheCredentialsKept() throws IOException {
    int port = serve(sockets);
    assertThatThrownBy(
            () -> ask("https://localhost:" + port, trusting(ca, "traefik.example", false)))
        .isInstanceOf(ApiFailure.class)
        .hasMessageContaining("TLS with localhost:")
        .hasMessageContaining("for another name")
        .hasMessageContaining("providers.traefik.tls.serverName");
    assertThat(heads).noneMatch(head -> head.contains("s3cret"));
  }

  @Test
  void serverName_configured_isSent() throws Exception {
    int port = serve(sockets);
    ask("https://127.0.0.1:" + port, trusting(null, "traefik.example", true));
    assertThat(names).containsExactly("traefik.example");
  }

  @Test
  void plainServer_behindHttps_isReported() throws IOException {
    int port = serve(ServerSocketFactory.getDefault());
    assertThatThrownBy(() -> ask("https://localhost:" + port, trusting(ca, null, false)))
        .isInstanceOf(ApiFailure.class)
        .hasMessageContaining("TLS with localhost:")
        .hasMessageContaining("it does not use TLS; write http:// in providers.traefik.endpoint");
  }

  @Test
  void tlsServer_behindHttp_isReported() throws IOException {
    int port = serve(sockets);
    assertThatThrownBy(() -> ask("http://localhost:" + port, ClientTls.STANDARD))
        .isInstanceOf(ApiFailure.class)
        .hasMessageContaining("check the scheme of providers.traefik.endpoint");
  }

  @Test
  void silence_inTheHandshake_isGivenUp() throws IOException {
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      ApiTarget target =
          FakeApi.target(
              URI.create("https://127.0.0.1:" + silent.getLocalPort()),
              trusting(ca, null, false),
              Duration.ofMillis(200));
      ApiClient client = new ApiClient(target, System::nanoTime);
      assertThatThrownBy(() -> client.get("/list"))
          .isInstanceOf(ApiFailure.class)
          .hasMessageContaining("sends no complete response within 200ms");
    }
  }

  @Test
  void certificates_thatCannotBeRead_areNamed() {
    Path missing = directory.resolve("missing.pem");
    ApiTarget target =
        FakeApi.target(
            URI.create("https://a.test"), trusting(missing, null, false), Duration.ofSeconds(20));
    assertThatThrownBy(() -> new ApiClient(target, System::nanoTime))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("missing.pem");
  }
}
