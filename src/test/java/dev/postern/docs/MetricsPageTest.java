package dev.postern.docs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.app.Sidecar;
import dev.postern.app.StartException;
import dev.postern.config.MetricsConfig;
import dev.postern.config.MetricsConfig.EntryPoint;
import dev.postern.config.MetricsConfig.Prometheus;
import dev.postern.testing.Await;
import dev.postern.testing.Certificates;
import dev.postern.testing.PosternConfig;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import dev.postern.testing.upstream.Identity;
import dev.postern.testing.upstream.RecordingUpstream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Tests of `/metrics` of a running Postern.
class MetricsPageTest {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String HOST = "app.example.test";
  private static final String ALICE = "authentik_proxy_51a54282=alice-1";

  @TempDir Path state;
  private final RecordingUpstream upstream = new RecordingUpstream();

  @AfterEach
  void stop() {
    upstream.close();
  }

  private Sidecar postern(MetricsConfig config) throws StartException {
    return Sidecar.start(PosternConfig.of(upstream.url(), state).metrics(config).build());
  }

  private static MetricsConfig with(EntryPoint entryPoint, boolean manualRouting) {
    Prometheus standard = Objects.requireNonNull(MetricsConfig.STANDARD.prometheus());
    return new MetricsConfig(
        new Prometheus(
            "gate",
            standard.buckets(),
            standard.groups(),
            standard.headerLabels(),
            entryPoint,
            manualRouting),
        true);
  }

  private static RawMessage get(int port, String... lines) throws IOException {
    List<String> all = new ArrayList<>(List.of("Host: localhost", "Connection: close"));
    all.addAll(List.of(lines));
    return RawHttp.once(port, RawHttp.request("GET", "/metrics", all));
  }

  private static String check(String... lines) {
    List<String> all =
        new ArrayList<>(
            List.of(
                "Host: postern",
                "X-Forwarded-Proto: https",
                "X-Forwarded-Host: " + HOST,
                "X-Forwarded-Uri: /"));
    all.addAll(List.of(lines));
    return RawHttp.request("GET", RecordingUpstream.AUTH, all);
  }

  @Test
  void page_accept_choosesTheFormat() throws Exception {
    try (Sidecar postern = postern(MetricsConfig.STANDARD)) {
      RawMessage text = get(postern.adminPort());
      assertThat(text.first("Content-Type")).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
      assertThat(text.first("Cache-Control")).contains("no-store");
      assertThat(text.body()).contains("# TYPE postern_cache_requests_total counter\n");

      RawMessage open =
          get(
              postern.adminPort(),
              "Accept: text/plain;q=0.5",
              "Accept: application/openmetrics-text;version=1.0.0");
      assertThat(open.first("Content-Type"))
          .isEqualTo("application/openmetrics-text; version=1.0.0; charset=utf-8");
      assertThat(open.body())
          .contains("# TYPE postern_cache_requests counter\n")
          .endsWith("# EOF\n");
      assertThat(
              RawHttp.once(
                      postern.adminPort(),
                      RawHttp.request(
                          "POST", "/metrics", List.of("Host: localhost", "Connection: close")))
                  .status())
          .isEqualTo(405);
    }
  }

  @Test
  void page_afterRequests_measuresTheForwardedOnes() throws Exception {
    upstream.signIn(HOST, ALICE, Identity.of("alice", "app"));
    try (Sidecar postern = postern(MetricsConfig.STANDARD);
        RawHttp plain = RawHttp.connect(postern.authPort());
        RawHttp tls = RawHttp.connectTls(postern.authsPort(), Certificates.trustingAll())) {
      plain.exchange(check("X-Forwarded-Method: DELETE", "Cookie: " + ALICE));
      plain.exchange(check("X-Forwarded-Method: DELETE", "Cookie: " + ALICE));
      tls.exchange(check("X-Forwarded-Method: MADE-UP"));

      Await.until(
          "all are over",
          LIMIT,
          () -> get(postern.adminPort()).body().contains("method=\"EXTENSION"));
      assertThat(get(postern.adminPort()).body())
          .contains(
              "traefik_entrypoint_requests_total{code=\"200\",entrypoint=\"auth\",method=\"DELETE\",protocol=\"http\"}"
                  + " 2\n",
              "traefik_entrypoint_requests_total{code=\"302\",entrypoint=\"auths\",method=\"EXTENSION_METHOD\",protocol=\"http\"}"
                  + " 1\n",
              "traefik_entrypoint_request_duration_seconds_bucket{code=\"200\",entrypoint=\"auth\",method=\"DELETE\",protocol=\"http\",le=\"5\"}"
                  + " 2\n",
              "traefik_open_connections{entrypoint=\"auth\",protocol=\"TCP\"} 1\n",
              "traefik_open_connections{entrypoint=\"auths\",protocol=\"TCP\"} 1\n",
              "postern_cache_requests_total{application=\"other\",result=\"hit\"} 1\n",
              "postern_verdicts_total{application=\"other\",verdict=\"allow\"} 2\n",
              "postern_request_duration_seconds_count{result=\"hit\"} 1\n",
              "postern_access_log_lost_lines_total 0\n",
              "postern_cache_limit_bytes 6.7108864e+07\n")
          .containsPattern(
              "traefik_entrypoint_requests_tls_total\\{entrypoint=\"auths\",tls_cipher=\"TLS_\\w+\",tls_version=\"1.3\"}"
                  + " 1\n")
          .containsPattern(
              "traefik_tls_certs_not_after\\{cn=\"[^\"]*\",sans=\"[^\"]*localhost[^\"]*\",serial=\"\\d+\"}"
                  + " 2\\.\\d+e\\+09\n")
          .containsPattern(
              "postern_certificate_expiry_timestamp_seconds\\{entrypoint=\"auths\"} \\d")
          .containsPattern("process_resident_memory_bytes \\d")
          .containsPattern("process_cpu_seconds_total \\d")
          .containsPattern("jvm_memory_used_bytes\\{area=\"heap\"")
          .doesNotContain("entrypoint=\"admin\",method");
    }
  }

  @Test
  void page_connectionThatHasEnded_isOpenNoMore() throws Exception {
    try (Sidecar postern = postern(MetricsConfig.STANDARD)) {
      try (RawHttp plain = RawHttp.connect(postern.authPort())) {
        plain.exchange(check("X-Forwarded-Method: GET"));
        assertThat(get(postern.adminPort()).body())
            .contains("{entrypoint=\"auth\",protocol=\"TCP\"} 1\n");
      }
      Await.until(
          "it is closed",
          LIMIT,
          () ->
              get(postern.adminPort())
                  .body()
                  .contains("{entrypoint=\"auth\",protocol=\"TCP\"} 0\n"));
    }
  }

  @ParameterizedTest
  @EnumSource(EntryPoint.class)
  void page_isServedOnlyByItsEntryPoint(EntryPoint shown) throws Exception {
    try (Sidecar postern = postern(with(shown, false));
        RawHttp tls = RawHttp.connectTls(postern.authsPort(), Certificates.trustingAll())) {
      assertThat(get(postern.adminPort()).status())
          .isEqualTo(shown == EntryPoint.ADMIN ? 200 : 404);
      assertThat(get(postern.authPort()).status()).isEqualTo(shown == EntryPoint.AUTH ? 200 : 404);
      RawMessage overTls = tls.exchange(RawHttp.get("/metrics", "Host: localhost"));
      assertThat(overTls.status()).isEqualTo(shown == EntryPoint.AUTHS ? 200 : 404);
    }
  }

  @Test
  void page_manualRoutingOrOff_isNotServed() throws Exception {
    try (Sidecar postern = postern(with(EntryPoint.ADMIN, true))) {
      assertThat(get(postern.adminPort()).status()).isEqualTo(404);
    }
    try (Sidecar postern = postern(new MetricsConfig(null, false))) {
      assertThat(get(postern.adminPort()).status()).isEqualTo(404);
    }
  }

  @Test
  void page_addInternalsAndNamespace_measureTheAdminEntryPointUnderThatName() throws Exception {
    try (Sidecar postern = postern(with(EntryPoint.ADMIN, false))) {
      get(postern.adminPort());
      Await.until(
          "the first is over",
          LIMIT,
          () ->
              get(postern.adminPort())
                  .body()
                  .contains(
                      "gate_service_requests_total{code=\"200\",method=\"GET\",protocol=\"http\",service=\"prometheus@internal\"}"));
      assertThat(get(postern.adminPort()).body())
          .contains("gate_entrypoint_requests_total{code=\"200\",entrypoint=\"admin\"")
          .doesNotContain("traefik_");
    }
  }
}
