package dev.postern.server.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.app.Sidecar;
import dev.postern.testing.Await;
import dev.postern.testing.CapturedLog;
import dev.postern.testing.Certificates;
import dev.postern.testing.PosternConfig;
import dev.postern.testing.RawHttp;
import dev.postern.testing.upstream.RecordingUpstream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Configuration errors of peers are logged once, with the fix.
class PeerNoticesTest {
  @TempDir Path state;
  private final RecordingUpstream upstream = new RecordingUpstream();
  private final CapturedLog log = CapturedLog.of(PeerNotices.class.getName());

  @AfterEach
  void stop() {
    log.close();
    upstream.close();
  }

  private void assertLogged(String... words) {
    Await.until("it is logged", Duration.ofSeconds(20), () -> !log.lines().isEmpty());
    assertThat(log.lines()).singleElement().asString().startsWith("WARN ").contains(words);
    assertThat(log.values("peer")).containsExactly("127.0.0.1");
  }

  @Test
  void untrustedPeer_isLoggedOnceWithItsAddressAndTheKey() throws Exception {
    try (Sidecar postern =
        Sidecar.start(PosternConfig.of(upstream.url(), state).trust("192.0.2.0/24").build())) {
      for (int i = 0; i < 3; i++) {
        assertThat(
                RawHttp.once(
                        postern.authPort(),
                        RawHttp.get(RecordingUpstream.AUTH, "Host: x", "Connection: close"))
                    .status())
            .isEqualTo(403);
      }
    }
    assertLogged("403", "entryPoints.auth.forwardedHeaders.trustedIPs");
  }

  @Test
  void tlsToThePlainEntryPoint_isLoggedOnce() throws Exception {
    try (Sidecar postern = Sidecar.start(PosternConfig.of(upstream.url(), state).build())) {
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(
                () -> RawHttp.connectTls(postern.authPort(), Certificates.trustingAll()).close())
            .isInstanceOf(IOException.class);
      }
    }
    assertLogged("uses TLS", "http://", "ForwardAuth");
  }

  @Test
  void plainHttpToTheTlsEntryPoint_isLoggedOnce() throws Exception {
    try (Sidecar postern = Sidecar.start(PosternConfig.of(upstream.url(), state).build())) {
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(
                () -> RawHttp.once(postern.authsPort(), RawHttp.get("/", "Host: localhost")))
            .isInstanceOf(IOException.class);
      }
    }
    assertLogged("does not use TLS", "https://", "ForwardAuth");
  }

  @Test
  void clientThatDoesNotTrustTheCertificate_isLoggedOnceWithTraefiksKeys() throws Exception {
    Certificates.Pair other = Certificates.selfSigned(state, "other");
    try (Sidecar postern = Sidecar.start(PosternConfig.of(upstream.url(), state).build())) {
      for (int i = 0; i < 3; i++) {
        assertThatThrownBy(() ->
                RawHttp.connectTls(postern.authsPort(), Certificates.trusting(other.certificate()))
                    .close())
            .isInstanceOf(IOException.class);
      }
      try (RawHttp http = RawHttp.connectTls(postern.authsPort(), Certificates.trustingAll())) {
        assertThat(http.exchange(RawHttp.get("/", "Host: localhost")).status()).isEqualTo(404);
      }
      assertLogged("tls.ca", "insecureSkipVerify", "entryPoints.auths.http.tls.domains");
    }
  }

  @Test
  void manyPeers_areBounded() {
    PeerNotices notices = new PeerNotices("auth");
    for (int i = 0; i < 1000; i++) {
      notices.untrusted("192.0.2." + i);
      notices.tlsOnPlain("192.0.2." + i);
    }
    assertThat(log.lines()).hasSize(PeerNotices.MAX_NOTICES);
  }
}
