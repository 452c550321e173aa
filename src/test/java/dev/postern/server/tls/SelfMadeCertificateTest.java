package dev.postern.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// When the stored certificate stays, so that a Traefik that trusts it still does.
class SelfMadeCertificateTest {
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");

  @TempDir Path state;

  private X509Certificate get(Instant now, List<String> names, String machine) throws Exception {
    return new SelfMadeCertificate(state, Clock.fixed(now, ZoneOffset.UTC))
        .get(names, List.of(machine))
        .certificate();
  }

  @Test
  void storedCertificate_containerOfAnotherName_stays() throws Exception {
    X509Certificate first = get(NOW, List.of("postern"), "4f0c1a2b3c4d");

    assertThat(get(NOW, List.of("postern"), "99aa88bb77cc")).isEqualTo(first);
    assertThat(first.getSubjectAlternativeNames().toString()).contains("4f0c1a2b3c4d");
  }

  @Test
  void storedCertificate_lacksAConfiguredName_isReplaced() throws Exception {
    X509Certificate first = get(NOW, List.of("postern"), "host");

    X509Certificate second = get(NOW, List.of("postern", "auth.example.org"), "host");

    assertThat(second).isNotEqualTo(first);
    assertThat(second.getSubjectAlternativeNames().toString()).contains("auth.example.org");
  }

  @Test
  void storedCertificate_expiresWithinAMonth_isReplaced() throws Exception {
    X509Certificate first = get(NOW, List.of("postern"), "host");
    Instant end = first.getNotAfter().toInstant();

    assertThat(get(end.minus(Duration.ofDays(31)), List.of("postern"), "host")).isEqualTo(first);
    assertThat(get(end.minus(Duration.ofDays(29)), List.of("postern"), "host")).isNotEqualTo(first);
  }
}
