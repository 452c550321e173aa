package dev.postern.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.config.EntryPointsConfig.ClientAuth;
import dev.postern.config.EntryPointsConfig.ClientAuthType;
import dev.postern.config.EntryPointsConfig.Tls;
import dev.postern.config.tls.client.PemFile;
import dev.postern.server.tls.ServerTls;
import dev.postern.testing.Await;
import dev.postern.testing.Certificates;
import dev.postern.testing.RawHttp;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Client certificates: access without one, with an untrusted one and with a trusted one.
class ClientAuthTest {
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "NO_CLIENT_CERT, true, true, true",
    "REQUEST_CLIENT_CERT, true, true, true",
    "REQUIRE_ANY_CLIENT_CERT, false, true, true",
    "VERIFY_CLIENT_CERT_IF_GIVEN, true, false, true",
    "REQUIRE_AND_VERIFY_CLIENT_CERT, false, false, true"
  })
  void client_withNoneAnUntrustedOrATrustedCertificate_hasAccessAsConfigured(
      ClientAuthType type, boolean none, boolean stranger, boolean right) throws Exception {
    Certificates.Pair traefik = Certificates.selfSigned(directory, "traefik");
    Certificates.Pair other = Certificates.selfSigned(directory, "other");
    Path ca = Files.writeString(directory.resolve("ca.crt"), traefik.certPem());
    Tls tls = new Tls(null, null, List.of(), new ClientAuth(List.of(ca), type));
    ServerTls server = ServerTls.of(tls, directory.resolve("state"), Clock.systemUTC());
    try (EdgeStage stage = EdgeStage.with(EdgeTls.of(server.context(), type))) {
      assertThat(getsIn(stage, Certificates.trustingAll())).isEqualTo(none);
      assertThat(getsIn(stage, showing(other))).isEqualTo(stranger);
      assertThat(getsIn(stage, showing(traefik))).isEqualTo(right);
    }
  }

  @Test
  void refusal_isReported() throws Exception {
    Path ca =
        Files.writeString(
            directory.resolve("ca.crt"), Certificates.selfSigned(directory, "traefik").certPem());
    ClientAuthType type = ClientAuthType.REQUIRE_AND_VERIFY_CLIENT_CERT;
    Tls tls = new Tls(null, null, List.of(), new ClientAuth(List.of(ca), type));
    ServerTls server = ServerTls.of(tls, directory.resolve("state"), Clock.systemUTC());
    for (SSLContext client :
        List.of(Certificates.trustingAll(), showing(Certificates.selfSigned(directory, "other")))) {
      try (EdgeStage stage = EdgeStage.with(EdgeTls.of(server.context(), type))) {
        assertThat(getsIn(stage, client)).isFalse();
        Await.until(
            "it is logged",
            Duration.ofSeconds(20),
            () -> stage.events.contains("clientCertificateRefused"));
      }
    }
  }

  private SSLContext showing(Certificates.Pair pair) throws IOException, GeneralSecurityException {
    Path key = Files.createTempFile(directory, "client", ".key");
    Files.writeString(key, pair.keyPem());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        new KeyManager[] {new Insisting(pair.certificate(), new PemFile("key", key).privateKey())},
        new TrustManager[] {new TrustAll()},
        null);
    return context;
  }

  /// Presents its certificate whatever CAs the server names; the JDK's own manager would present
  /// none.
  private static final class Insisting extends X509ExtendedKeyManager {
    private final X509Certificate certificate;
    private final PrivateKey key;

    Insisting(X509Certificate certificate, PrivateKey key) {
      this.certificate = certificate;
      this.key = key;
    }

    @Override
    public String[] getClientAliases(String type, Principal @Nullable [] issuers) {
      return new String[] {"client"};
    }

    @Override
    public String chooseClientAlias(
        String[] types, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return "client";
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseServerAlias(
        String type, Principal @Nullable [] issuers, @Nullable Socket socket) {
      return null;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return new X509Certificate[] {certificate};
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return key;
    }
  }

  private static final class TrustAll extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  private static boolean getsIn(EdgeStage stage, SSLContext client) {
    try (RawHttp http = RawHttp.connectTls(stage.port(), client)) {
      return http.exchange(RawHttp.get("/", "Host: a")).status() == 200;
    } catch (IOException refused) {
      return false;
    }
  }
}
