package dev.postern.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.metrics.exposition.Format;
import dev.postern.net.HeaderLines;
import dev.postern.routing.definition.Provider;
import dev.postern.routing.definition.ProviderState;
import dev.postern.routing.definition.Snapshot;
import dev.postern.testing.Await;
import dev.postern.testing.Completed;
import dev.postern.testing.Tables;
import dev.postern.verdict.CacheStatus;
import dev.postern.verdict.RevocationSource;
import dev.postern.verdict.UpstreamResponse;
import dev.postern.verdict.Verdict;
import dev.postern.verdict.VerdictListener.NotStored;
import dev.postern.verdict.VerdictListener.Removal;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The values and series of Postern's own metrics.
class MetersTest {
  private final Meters meters = new Meters("1.2.3");

  @AfterEach
  void close() {
    meters.close();
  }

  private String text() {
    return UTF_8.decode(meters.exposition(Format.TEXT)).toString();
  }

  private List<String> lines(String prefix) {
    return text().lines().filter(line -> line.startsWith(prefix)).toList();
  }

  private static List<String> series(String name, String label, Enum<?>[] values) {
    List<String> series = new ArrayList<>();
    for (Enum<?> value : values) {
      String text =
          switch (value) {
            case CacheStatus status -> status.text();
            case RevocationSource feed -> feed.text();
            case NotStored reason -> reason.text();
            default -> value.name().toLowerCase(Locale.ROOT);
          };
      series.add(name + "{" + label + "=\"" + text + "\"} 0");
    }
    return series;
  }

  @Test
  void exposition_atTheStart_hasEverySeriesWithZero() {
    assertThat(lines("postern_cache_requests_total{"))
        .containsExactlyInAnyOrderElementsOf(
            series(
                "postern_cache_requests_total",
                "application=\"other\",result",
                CacheStatus.values()));
    assertThat(lines("postern_cache_not_stored_total{"))
        .containsExactlyInAnyOrderElementsOf(
            series("postern_cache_not_stored_total", "reason", NotStored.values()));
    assertThat(lines("postern_cache_removals_total{"))
        .containsExactlyInAnyOrderElementsOf(
            series("postern_cache_removals_total", "cause", Removal.values()));
    assertThat(lines("postern_revocations_total{"))
        .containsExactlyInAnyOrderElementsOf(
            series("postern_revocations_total", "feed", RevocationSource.values()));
    assertThat(lines("postern_upstream_errors_total{"))
        .containsExactlyInAnyOrderElementsOf(
            series("postern_upstream_errors_total", "kind", Verdict.Fault.values()));
    assertThat(lines("postern_check_duration_seconds_count"))
        .containsExactly("postern_check_duration_seconds_count 0");
    assertThat(lines("postern_checks_in_flight ")).containsExactly("postern_checks_in_flight 0");
    assertThat(lines("postern_build_info{")).singleElement().asString().contains("1.2.3");
  }

  @Test
  void listener_everyEvent_countsOnceAndMakesNoNewSeries() {
    List<String> before = names();
    for (int i = 0; i < 1000; i++) {
      meters.answered("host-" + i + ".test", CacheStatus.HIT);
      meters.notStored("host-" + i + ".test", NotStored.SUPERSEDED);
    }
    meters.removed(Removal.SIZE);
    meters.revoked(RevocationSource.ADMIN);
    meters.checkStarted();
    meters.checkStarted();
    meters.checkEnded(Verdict.Unavailable.because(Verdict.Fault.TIMEOUT), 2_000_000);
    meters.refused(Verdict.Fault.CLIENT_SHARE);
    meters.checkEnded(
        new Verdict.Deny(new UpstreamResponse(403, HeaderLines.of(List.of()), new byte[0])), 1);

    assertThat(names()).isEqualTo(before);
    assertThat(text())
        .contains("postern_cache_requests_total{application=\"other\",result=\"hit\"} 1000")
        .contains("postern_cache_not_stored_total{reason=\"outrun\"} 1000")
        .contains("postern_cache_removals_total{cause=\"size\"} 1")
        .contains("postern_revocations_total{feed=\"admin\"} 1")
        .contains("postern_upstream_errors_total{kind=\"timeout\"} 1")
        .contains("postern_upstream_errors_total{kind=\"client_share\"} 1")
        .contains("postern_check_duration_seconds_count 2")
        .contains("postern_checks_in_flight 0");
  }

  private List<String> names() {
    return lines("postern_").stream()
        .map(line -> line.substring(0, line.lastIndexOf(' ')))
        .toList();
  }

  @Test
  void gauge_isReadAtEachScrape() {
    long[] value = {1};
    meters.gauge("postern.cache.entries", "Entries.", () -> value[0]);
    assertThat(lines("postern_cache_entries ")).containsExactly("postern_cache_entries 1");
    value[0] = 2;
    assertThat(lines("postern_cache_entries ")).containsExactly("postern_cache_entries 2");
  }

  @Test
  void answered_configuredApplication_hasItsOwnSeriesUntilRemoved() {
    meters.swapped(Tables.table(List.of(), List.of("wiki", "other")), true);
    assertThat(lines("postern_cache_requests_total{application=\"wiki\"")).hasSize(5);
    meters.answered("wiki", CacheStatus.HIT);
    meters.answered("other", CacheStatus.HIT);
    meters.answered("wiki.attacker.test", CacheStatus.HIT);
    meters.completed(Completed.HIT.get());
    meters.swapped(Tables.table(List.of(), List.of("wiki", "mail")), true);
    meters.answered("wiki", CacheStatus.MISS);

    assertThat(lines("postern_cache_requests_total{"))
        .contains(
            "postern_cache_requests_total{application=\"wiki\",result=\"hit\"} 1",
            "postern_cache_requests_total{application=\"wiki\",result=\"miss\"} 1",
            "postern_cache_requests_total{application=\"other\",result=\"hit\"} 2",
            "postern_cache_requests_total{application=\"mail\",result=\"hit\"} 0")
        .hasSize(15);
    assertThat(meters.answersByApplication("wiki"))
        .containsEntry(CacheStatus.HIT, 1L)
        .containsEntry(CacheStatus.JOINED, 0L);

    meters.swapped(Tables.table(List.of(), List.of()), true);
    assertThat(lines("postern_cache_requests_total{")).hasSize(5);
    assertThat(lines("postern_verdicts_total{application=\"other\",verdict=\"allow\"}"))
        .singleElement()
        .asString()
        .endsWith(" 1");
  }

  @Test
  void answersByRouter_counts_whileTheRouterExists() {
    meters.swapped(Tables.table(List.of("a@file"), List.of()), false);
    meters.completed(Completed.HIT.by("a@file", "a@file").get());
    assertThat(meters.answersByRouter("a@file")).containsEntry(CacheStatus.HIT, 1L);
    assertThat(meters.answersByRouter("unheard-of")).containsEntry(CacheStatus.HIT, 0L);

    meters.swapped(Tables.table(List.of(), List.of()), false);
    assertThat(meters.answersByRouter("a@file")).containsEntry(CacheStatus.HIT, 0L);
  }

  @Test
  void attempted_source_showsItsState() {
    assertThat(lines("postern_provider_")).isEmpty();
    ProviderState loaded =
        ProviderState.untried(Provider.TRAEFIK)
            .failed(List.of())
            .loaded(Snapshot.EMPTY, Instant.ofEpochMilli(1500), List.of());
    meters.attempted(loaded);
    assertThat(lines("postern_provider_"))
        .containsExactlyInAnyOrder(
            "postern_provider_failing{provider=\"traefik\"} 0",
            "postern_provider_last_reload_success_timestamp_seconds{provider=\"traefik\"} 1.5",
            "postern_provider_reloads_total{provider=\"traefik\",result=\"failure\"} 1",
            "postern_provider_reloads_total{provider=\"traefik\",result=\"success\"} 1");

    meters.attempted(loaded.failed(List.of()));
    assertThat(lines("postern_provider_"))
        .contains(
            "postern_provider_failing{provider=\"traefik\"} 1",
            "postern_provider_reloads_total{provider=\"traefik\",result=\"failure\"} 2");
  }

  @Test
  void loginLimited_isCounted() {
    meters.loginLimited();
    assertThat(lines("postern_login_limited_total "))
        .containsExactly("postern_login_limited_total 1");
  }

  @Test
  void gauge_afterACollection_stillHasItsValue() {
    AtomicLong value = new AtomicLong(7);
    meters.gauge("postern.kept", "Kept.", value::get);
    WeakReference<Object> collected = new WeakReference<>(new Object());
    Await.until(
        "a collection",
        Duration.ofSeconds(30),
        () -> {
          ManagementFactory.getMemoryMXBean().gc();
          return collected.refersTo(null);
        });
    assertThat(lines("postern_kept ")).containsExactly("postern_kept 7");
  }
}
