package dev.postern.config.tls.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.config.tls.ClientTls;
import dev.postern.net.HostName;
import dev.postern.testing.Certificates;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.wildfly.security.x500.GeneralName;
import org.wildfly.security.x500.cert.BasicConstraintsExtension;
import org.wildfly.security.x500.cert.SubjectAlternativeNamesExtension;
import org.wildfly.security.x500.cert.X509CertificateBuilder;

/// Which server name is sent and verified, for all spellings.
class TlsLayerTest {
  private static final X500Principal NOBODY = new X500Principal("CN=test");

  @TempDir Path directory;
  private Path ca;
  private Certificates.Pair pair;

  @BeforeEach
  void certificate() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(256);
    KeyPair keys = generator.generateKeyPair();
    X509Certificate certificate =
        new X509CertificateBuilder()
            .setSubjectDn(NOBODY)
            .setIssuerDn(NOBODY)
            .setSerialNumber(BigInteger.ONE)
            .setNotValidBefore(ZonedDateTime.now(ZoneOffset.UTC).minusDays(1))
            .setNotValidAfter(ZonedDateTime.now(ZoneOffset.UTC).plusDays(1))
            .setPublicKey(keys.getPublic())
            .setSigningKey(keys.getPrivate())
            .setSignatureAlgorithmName("SHA256withECDSA")
            .addExtension(
                new SubjectAlternativeNamesExtension(
                    false,
                    List.of(
                        new GeneralName.DNSName("authentik_server"),
                        new GeneralName.DNSName("auth.example.org"),
                        new GeneralName.DNSName("*.stack_default"),
                        address("127.0.0.1"),
                        address("::1"))))
            .addExtension(new BasicConstraintsExtension(true, true, 0))
            .build();
    pair =
        new Certificates.Pair(
            certificate,
            pem("CERTIFICATE", certificate.getEncoded()),
            pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
    ca = Files.writeString(directory.resolve("ca.pem"), pair.certPem());
  }

  private static GeneralName address(String literal) {
    return new GeneralName.IPAddress(InetAddress.ofLiteral(literal).getAddress());
  }

  private static String pem(String label, byte[] content) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content);
    return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
  }

  private SSLEngine client(ClientTls tls, HostName host) throws IOException {
    HostName name = TlsLayer.name(tls, host);
    SSLEngine engine =
        ClientTlsContext.of("test", tls).createSSLEngine(name.certificateName(), 443);
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    TlsLayer.askFor(name, tls, parameters);
    engine.setSSLParameters(parameters);
    return engine;
  }

  /// The server name in a client's first message (RFC 8446 section 4.1.2; RFC 6066, section 3);
  /// empty for none.
  private String sent(ClientTls tls, String host) throws IOException {
    ByteBuffer hello = ByteBuffer.allocate(1 << 15);
    client(tls, new HostName(host)).wrap(ByteBuffer.allocate(0), hello);
    hello.flip().position(5 + 4 + 2 + 32);
    skip(hello, hello.get() & 0xFF);
    skip(hello, hello.getShort() & 0xFFFF);
    skip(hello, hello.get() & 0xFF);
    hello.limit(hello.position() + 2 + hello.getShort(hello.position()));
    hello.getShort();
    while (hello.hasRemaining()) {
      int type = hello.getShort();
      int length = hello.getShort();
      if (type == 0) {
        byte[] name = new byte[length - 5];
        skip(hello, 5);
        hello.get(name);
        return new String(name, US_ASCII);
      }
      skip(hello, length);
    }
    return "";
  }

  private static void skip(ByteBuffer buffer, int count) {
    buffer.position(buffer.position() + count);
  }

  /// Performs the client's part of a handshake with a server that has the certificate. The server
  /// is the JDK's, which rejects server names with an underscore, so none is sent.
  private void shakeHands(ClientTls tls, String host) throws Exception {
    SSLEngine client = client(tls, new HostName(host));
    SSLParameters parameters = client.getSSLParameters();
    parameters.setServerNames(List.of());
    client.setSSLParameters(parameters);
    SSLEngine server = Certificates.serving(pair).createSSLEngine();
    server.setUseClientMode(false);
    ByteBuffer toServer = ByteBuffer.allocate(1 << 16);
    ByteBuffer toClient = ByteBuffer.allocate(1 << 16);
    while (client.getHandshakeStatus() != HandshakeStatus.NOT_HANDSHAKING || isNew(client)) {
      step(client, toClient, toServer);
      step(server, toServer, toClient);
    }
  }

  private static boolean isNew(SSLEngine engine) {
    return engine.getSession().getProtocol().equals("NONE");
  }

  /// Lets an engine process what has arrived.
  private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
    Runnable task = engine.getDelegatedTask();
    while (task != null) {
      task.run();
      task = engine.getDelegatedTask();
    }
    if (engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP) {
      in.flip();
      engine.unwrap(in, ByteBuffer.allocate(1 << 15));
      in.compact();
    } else {
      engine.wrap(ByteBuffer.allocate(0), out);
    }
  }

  private ClientTls trusting(@Nullable HostName serverName) {
    return new ClientTls(ca, null, null, serverName, false);
  }

  @ParameterizedTest
  @CsvSource({
    "authentik_server, authentik_server",
    "Authentik_Server., authentik_server",
    "auth.example.org, auth.example.org",
    "auth.example.org., auth.example.org",
    "outpost_1.stack_default, outpost_1.stack_default",
    "127.0.0.1, ''",
    "::1, ''",
    "::1%lo, ''",
  })
  void host_thatTheCertificateNames_isSentAsGoSendsItAndAccepted(String host, String sent)
      throws Exception {
    for (ClientTls tls : List.of(trusting(null), trusting(new HostName(host)))) {
      String connected = tls.serverName() == null ? host : "192.0.2.1";
      assertThat(sent(tls, connected)).isEqualTo(sent);
      shakeHands(tls, connected);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "authentik_server2",
        "x_authentik_server",
        "a.outpost_1.stack_default",
        "stack_default",
        "a_b.example.org",
        "other.example",
        "192.0.2.1",
        "::2"
      })
  void host_thatTheCertificateDoesNotName_isRefused(String host) {
    assertThatThrownBy(() -> shakeHands(trusting(null), host))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("No subject alternative");
  }

  @Test
  void certificate_ofAnUnknownAuthority_isRefusedForAnyName() {
    ClientTls systemsOnly = ClientTls.STANDARD;
    assertThatThrownBy(() -> shakeHands(systemsOnly, "authentik_server"))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("unable to find valid certification path");
  }

  @Test
  void insecureSkipVerify_anyName_isSentAndNotChecked() throws Exception {
    ClientTls tls = new ClientTls(null, null, null, new HostName("any_name"), true);
    assertThat(sent(tls, "127.0.0.1")).isEqualTo("any_name");
    shakeHands(tls, "127.0.0.1");
  }

  @ParameterizedTest
  @CsvSource({
    "a_b, a_b, true",
    "A_B, a_b, true",
    "*.c_d, a_b.c_d, true",
    "*.c_d, a.b.c_d, false",
    "*.c_d, c_d, false",
    "*.c_d, .c_d, false",
    "*, a_b, false",
    "a*.c_d, ab.c_d, false",
    "a_b.c, a_b, false",
    "'', a_b, false",
  })
  void matches_pattern_byWholeLabels(String pattern, String name, boolean matches) {
    assertThat(AnyNameTrust.matches(pattern, name)).isEqualTo(matches);
  }
}
