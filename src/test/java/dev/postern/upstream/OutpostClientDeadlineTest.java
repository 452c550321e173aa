package dev.postern.upstream;

import static dev.postern.upstream.ScriptedServer.ok;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.config.UpstreamConfig.PresetName;
import dev.postern.net.Endpoint;
import dev.postern.net.ForwardedRequest;
import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import dev.postern.net.LoopGuard;
import dev.postern.testing.Await;
import dev.postern.verdict.InFlightBudget;
import dev.postern.verdict.Preset;
import dev.postern.verdict.Verdict;
import dev.postern.verdict.VerdictSource;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Deadlines that are over, or almost.
class OutpostClientDeadlineTest {
  private static final int CALLS = 200;

  private final ScriptedServer server = new ScriptedServer(ok(""));
  private final InFlightBudget budget = new InFlightBudget(1 << 20);
  private final Admission admission = new Admission(1, 4);
  private EventLoops loops;
  private OutpostClient client;

  @BeforeEach
  void start() throws Exception {
    loops = EventLoops.start();
    client =
        OutpostClient.of(
            new OutpostClient.Resources(
                client(server.url()), admission, budget, loops, System::nanoTime),
            Presets.of(PresetName.AUTHENTIK),
            Duration.ofSeconds(10));
  }

  private static UpstreamClient client(URI url) {
    return new UpstreamClient(Endpoint.of(url.toString()), null, LoopGuard.of(new SecureRandom()));
  }

  @AfterEach
  void stop() {
    loops.close();
    server.close();
  }

  private CompletableFuture<Verdict> check(long nanosLeft, AtomicInteger answers) {
    return check(nanosLeft, false, answers);
  }

  private CompletableFuture<Verdict> check(
      long nanosLeft, boolean ofOption, AtomicInteger answers) {
    CompletableFuture<Verdict> verdict = new CompletableFuture<>();
    HeaderLines headers = HeaderLines.of(List.of(new HeaderLine("X-Forwarded-Method", "GET")));
    client.check(
        new VerdictSource.Call(
            ForwardedRequest.read("GET", "/auth", "", headers),
            false,
            "192.0.2.1",
            new VerdictSource.Deadline(System.nanoTime() + nanosLeft, ofOption)),
        answer -> {
          answers.incrementAndGet();
          verdict.complete(answer);
        });
    return verdict;
  }

  @ParameterizedTest
  @ValueSource(longs = {-1_000_000_000, -1, 0, 1, 1_000, 100_000, 999_999, 1_000_000, 1_500_000})
  void deadlineOfLessThanAMillisecond_isAnsweredOnceAndReleasesItsPlace(long nanosLeft)
      throws Exception {
    AtomicInteger answers = new AtomicInteger();
    for (int i = 0; i < CALLS; i++) {
      Verdict verdict = check(nanosLeft, answers).get(30, TimeUnit.SECONDS);
      if (verdict instanceof Verdict.Unavailable unavailable) {
        assertThat(unavailable.fault()).isIn(Verdict.Fault.OVERLOAD, Verdict.Fault.TIMEOUT);
      } else {
        assertThat(verdict).isInstanceOf(Verdict.AnonymousAllow.class);
      }
    }
    // There is one place: if a call had kept it, this one would not get it.
    assertThat(check(TimeUnit.SECONDS.toNanos(20), answers).get(30, TimeUnit.SECONDS))
        .isInstanceOf(Verdict.AnonymousAllow.class);
    assertThat(answers).hasValue(CALLS + 1);
    assertThat(admission.waiting()).isZero();
    Await.until("no byte is held", Duration.ofSeconds(30), () -> budget.held() == 0);
  }

  private Verdict.Fault fault(OutpostClient asked, VerdictSource.Deadline deadline)
      throws Exception {
    CompletableFuture<Verdict> verdict = new CompletableFuture<>();
    ForwardedRequest request = ForwardedRequest.read("GET", "/auth", "", HeaderLines.of(List.of()));
    asked.check(new VerdictSource.Call(request, false, "192.0.2.1", deadline), verdict::complete);
    assertThat(verdict.get(30, TimeUnit.SECONDS)).isInstanceOf(Verdict.Unavailable.class);
    return ((Verdict.Unavailable) verdict.get()).fault();
  }

  /// Time stands still, so that only the durations matter.
  @Test
  void callEndedByAnOption_isAFaultOfItsOwn_andOneEndedByTheConfiguredTimeIsNot() throws Exception {
    try (ScriptedServer silent = new ScriptedServer("")) {
      var parts =
          new OutpostClient.Resources(client(silent.url()), admission, budget, loops, () -> 0);
      Preset preset = Presets.of(PresetName.AUTHENTIK);
      long few = TimeUnit.MILLISECONDS.toNanos(20);
      OutpostClient patient = OutpostClient.of(parts, preset, Duration.ofSeconds(10));
      OutpostClient hasty = OutpostClient.of(parts, preset, Duration.ofMillis(20));

      assertThat(fault(patient, new VerdictSource.Deadline(few, true)))
          .isEqualTo(Verdict.Fault.OPTION_TIMEOUT);
      assertThat(fault(patient, VerdictSource.Deadline.at(few))).isEqualTo(Verdict.Fault.TIMEOUT);
      assertThat(fault(hasty, new VerdictSource.Deadline(1000 * few, true)))
          .isEqualTo(Verdict.Fault.TIMEOUT);
    }
  }
}
