package dev.postern.metrics.traefik;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.accesslog.CompletedRequest.Tls;
import dev.postern.accesslog.Outcome;
import dev.postern.config.MetricsConfig;
import dev.postern.config.MetricsConfig.Groups;
import dev.postern.config.MetricsConfig.Prometheus;
import dev.postern.metrics.exposition.Exposition;
import dev.postern.metrics.exposition.Format;
import dev.postern.net.HeaderLine;
import dev.postern.testing.Completed;
import dev.postern.testing.Tables;
import io.prometheus.client.CollectorRegistry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Traefik's metric families.
class TraefikMetersTest {
  private static final Groups ALL = new Groups(true, true, true);

  private final CollectorRegistry registry = new CollectorRegistry();
  private final Exposition exposition = new Exposition(registry);

  private TraefikMeters meters(String namespace, Groups groups, Map<String, String> headerLabels) {
    return new TraefikMeters(
        registry,
        new Prometheus(
            namespace,
            List.of(0.1, 0.3, 1.2, 5.0),
            groups,
            headerLabels,
            MetricsConfig.EntryPoint.ADMIN,
            false),
        () -> Instant.ofEpochSecond(1_000, 900_000_000));
  }

  private List<String> lines(String prefix) {
    return UTF_8
        .decode(exposition.print(Format.TEXT))
        .toString()
        .lines()
        .filter(line -> line.startsWith(prefix))
        .toList();
  }

  @Test
  void completed_hitOfARouter_countsInAllThreeGroups() {
    TraefikMeters meters = meters("traefik", ALL, Map.of());
    meters.swapped(Tables.table(List.of("app@file", "web@file"), List.of()), true);
    Completed hit = Completed.HIT.by("app@file", "web@file").over(new Tls("1.3", "TLS_A"));
    meters.completed(hit.taking(300_000_000).get());
    meters.completed(hit.taking(300_000_001).get());

    String own = "code=\"200\",method=\"GET\",protocol=\"http\",";
    assertThat(lines("traefik_router_"))
        .containsExactly(
            "traefik_router_request_duration_seconds_bucket{%srouter=\"app@file\",service=\"web@file\",le=\"0.1\"} 0"
                .formatted(own),
            "traefik_router_request_duration_seconds_bucket{%srouter=\"app@file\",service=\"web@file\",le=\"0.3\"} 1"
                .formatted(own),
            "traefik_router_request_duration_seconds_bucket{%srouter=\"app@file\",service=\"web@file\",le=\"1.2\"} 2"
                .formatted(own),
            "traefik_router_request_duration_seconds_bucket{%srouter=\"app@file\",service=\"web@file\",le=\"5\"} 2"
                .formatted(own),
            "traefik_router_request_duration_seconds_bucket{%srouter=\"app@file\",service=\"web@file\",le=\"+Inf\"} 2"
                .formatted(own),
            "traefik_router_request_duration_seconds_sum{%srouter=\"app@file\",service=\"web@file\"} 0.600000001"
                .formatted(own),
            "traefik_router_request_duration_seconds_count{%srouter=\"app@file\",service=\"web@file\"} 2"
                .formatted(own),
            "traefik_router_requests_bytes_total{%srouter=\"app@file\",service=\"web@file\"} 6"
                .formatted(own),
            "traefik_router_requests_tls_total{router=\"app@file\",service=\"web@file\",tls_cipher=\"TLS_A\",tls_version=\"1.3\"}"
                + " 2",
            "traefik_router_requests_total{%srouter=\"app@file\",service=\"web@file\"} 2"
                .formatted(own),
            "traefik_router_responses_bytes_total{%srouter=\"app@file\",service=\"web@file\"} 10"
                .formatted(own));
    assertThat(lines("traefik_entrypoint_requests_total"))
        .containsExactly(
            "traefik_entrypoint_requests_total{code=\"200\",entrypoint=\"auth\",method=\"GET\",protocol=\"http\"}"
                + " 2");
    assertThat(lines("traefik_service_requests_total"))
        .containsExactly(
            "traefik_service_requests_total{code=\"200\",method=\"GET\",protocol=\"http\",service=\"web@file\"}"
                + " 2");
  }

  @Test
  void completed_denial_countsAtNoService() {
    TraefikMeters meters = meters("traefik", ALL, Map.of());
    meters.swapped(Tables.table(List.of("app@file", "web@file"), List.of()), true);
    meters.completed(Completed.HIT.by("app@file", "web@file").answer(401, Outcome.DENY).get());
    meters.completed(Completed.HIT.answer(302, Outcome.CHALLENGE).get());

    assertThat(lines("traefik_entrypoint_requests_total")).hasSize(2);
    assertThat(lines("traefik_router_requests_total")).hasSize(1);
    assertThat(lines("traefik_service_")).isEmpty();
  }

  @Test
  void completed_disabledGroups_haveNoFamily() {
    TraefikMeters meters = meters("gate", new Groups(false, false, false), Map.of());
    meters.completed(Completed.HIT.by("app@file", "web@file").get());

    assertThat(lines("traefik_")).isEmpty();
    assertThat(lines("gate_"))
        .containsExactly("gate_config_last_reload_success 0", "gate_config_reloads_total 0");
  }

  @Test
  void completed_methodsHostsAndProtocolsThatClientsInvent_makeNoNewSeries() {
    TraefikMeters meters = meters("traefik", ALL, Map.of());
    for (int i = 0; i < 1000; i++) {
      meters.completed(
          Completed.HIT
              .method("M" + i)
              .request(new HeaderLine("Accept", "x/" + i), new HeaderLine("Host", "h" + i))
              .get());
    }
    assertThat(lines("traefik_entrypoint_requests_total"))
        .containsExactly(
            "traefik_entrypoint_requests_total{code=\"200\",entrypoint=\"auth\",method=\"EXTENSION_METHOD\",protocol=\"http\"}"
                + " 1000");
  }

  @Test
  void completed_headerLabels_areBoundedAndOnlyAtTheCounters() {
    TraefikMeters meters =
        meters("traefik", new Groups(true, false, false), Map.of("agent", "User-Agent"));
    meters.completed(Completed.HIT.get());
    for (int i = 0; i < 3000; i++) {
      meters.completed(Completed.HIT.request(new HeaderLine("User-Agent", "a" + i)).get());
    }
    List<String> counters = lines("traefik_entrypoint_requests_total");
    assertThat(counters)
        .hasSize(1001)
        .contains(
            "traefik_entrypoint_requests_total{agent=\"\",code=\"200\",entrypoint=\"auth\",method=\"GET\",protocol=\"http\"}"
                + " 1",
            "traefik_entrypoint_requests_total{agent=\"other\",code=\"200\",entrypoint=\"auth\",method=\"GET\",protocol=\"http\"}"
                + " 2001");
    assertThat(lines("traefik_entrypoint_request_duration_seconds_count")).hasSize(1);
  }

  @Test
  void swapped_removedRouter_appearsOnceMore() {
    TraefikMeters meters = meters("traefik", ALL, Map.of());
    meters.swapped(Tables.table(List.of("a@file", "b@file"), List.of()), true);
    meters.completed(Completed.HIT.by("a@file", "a@file").get());
    meters.completed(Completed.HIT.by("b@file", "b@file").get());
    assertThat(lines("traefik_router_requests_total")).hasSize(2);

    meters.swapped(Tables.table(List.of("b@file"), List.of()), true);
    meters.completed(Completed.HIT.by("a@file", "a@file").get());

    assertThat(lines("traefik_router_requests_total")).hasSize(2).first().asString().endsWith(" 2");
    assertThat(lines("traefik_router_requests_total")).hasSize(1).first().asString().contains("b@");
    assertThat(lines("traefik_service_requests_total")).hasSize(1);
    assertThat(lines("traefik_entrypoint_requests_total")).hasSize(1);
    assertThat(lines("traefik_config_"))
        .containsExactly(
            "traefik_config_last_reload_success 1000", "traefik_config_reloads_total 2");
  }

  @Test
  void swapped_routerBackBeforeTheNextScrape_keepsItsSeries() {
    TraefikMeters meters = meters("traefik", ALL, Map.of());
    meters.swapped(Tables.table(List.of("a@file"), List.of()), true);
    meters.completed(Completed.HIT.by("a@file", "a@file").get());
    meters.swapped(Tables.table(List.of("b@file"), List.of()), true);
    meters.swapped(Tables.table(List.of("a@file"), List.of()), true);

    assertThat(lines("traefik_router_requests_total")).hasSize(1);
    assertThat(lines("traefik_router_requests_total")).hasSize(1);
  }

  @Test
  void connections_ofAnEntryPoint_areThereFromTheStart() {
    TraefikMeters meters = meters("traefik", ALL, Map.of());
    meters.connections("auths", () -> 3);
    meters.connections("auth", () -> 0);
    assertThat(lines("traefik_open_connections"))
        .containsExactly(
            "traefik_open_connections{entrypoint=\"auth\",protocol=\"TCP\"} 0",
            "traefik_open_connections{entrypoint=\"auths\",protocol=\"TCP\"} 3");
  }
}
