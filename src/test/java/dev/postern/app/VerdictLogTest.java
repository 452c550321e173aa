package dev.postern.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.postern.net.HeaderLines;
import dev.postern.verdict.CacheStatus;
import dev.postern.verdict.UpstreamResponse;
import dev.postern.verdict.Verdict;
import dev.postern.verdict.VerdictListener;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class VerdictLogTest {
  private static final Verdict FAULT = Verdict.Unavailable.because(Verdict.Fault.TIMEOUT);
  private static final Verdict OVERLOAD = Verdict.Unavailable.because(Verdict.Fault.OVERLOAD);
  private static final Verdict OPTION_TIMEOUT =
      Verdict.Unavailable.because(Verdict.Fault.OPTION_TIMEOUT);
  private static final Verdict DENY =
      new Verdict.Deny(new UpstreamResponse(403, HeaderLines.of(List.of()), new byte[0]));

  private long now;
  private int outages;
  private final Logger logger = (Logger) LoggerFactory.getLogger(VerdictLog.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final VerdictLog log =
      new VerdictLog(new VerdictListener() {}, () -> outages++, () -> now);

  @BeforeEach
  void listen() {
    lines.start();
    logger.setLevel(ch.qos.logback.classic.Level.INFO);
    logger.addAppender(lines);
  }

  @AfterEach
  void stop() {
    logger.detachAppender(lines);
    logger.setLevel(null);
  }

  private List<String> messages() {
    return lines.list.stream().map(ILoggingEvent::getMessage).toList();
  }

  @Test
  void outage_andItsEnd_areLoggedOnce() {
    for (int i = 0; i < 10; i++) {
      log.checkEnded(FAULT, 1);
    }
    log.checkEnded(DENY, 1);
    log.checkEnded(DENY, 1);
    assertThat(messages())
        .containsExactly("No verdicts: {}", "The identity provider returns verdicts again");
    assertThat(outages).as("number of probes").isOne();
  }

  @Test
  void faultsAmongVerdicts_areNotLogged() {
    for (int i = 0; i < 10; i++) {
      log.checkEnded(FAULT, 1);
      log.checkEnded(FAULT, 1);
      log.checkEnded(DENY, 1);
    }
    assertThat(messages()).isEmpty();
  }

  @Test
  void overload_isLoggedEveryTenSecondsAndIsNoOutage() {
    for (int i = 0; i < 10; i++) {
      log.checkEnded(OVERLOAD, 1);
    }
    now += 9_999_999_999L;
    log.checkEnded(OVERLOAD, 1);
    assertThat(messages()).hasSize(1).allMatch(line -> line.contains("503"));
    now += 1;
    log.checkEnded(OVERLOAD, 1);
    log.checkEnded(DENY, 1);
    assertThat(messages()).hasSize(2).allMatch(line -> line.contains("503"));
  }

  @Test
  void refusals_withoutACheck_areLoggedEveryTenSecondsByReason() {
    for (int i = 0; i < 10; i++) {
      log.refused(Verdict.Fault.CLIENT_SHARE);
      log.refused(Verdict.Fault.OVERLOAD);
    }
    assertThat(messages())
        .hasSize(2)
        .anyMatch(line -> line.contains("its quarter of upstream.maxConcurrent"))
        .anyMatch(line -> line.contains("raise upstream.maxConcurrent"));
    now += 10_000_000_000L;
    log.refused(Verdict.Fault.CLIENT_SHARE);
    assertThat(messages()).hasSize(3);
    assertThat(outages).isZero();
  }

  @Test
  void optionTimeout_isLoggedEveryTenSecondsAndIsNoOutage() {
    for (int i = 0; i < 10; i++) {
      log.checkEnded(OPTION_TIMEOUT, 1);
    }
    now += 9_999_999_999L;
    log.checkEnded(OPTION_TIMEOUT, 1);
    assertThat(messages()).hasSize(1).allMatch(line -> line.contains("option timeout"));
    now += 1;
    log.checkEnded(OPTION_TIMEOUT, 1);
    log.checkEnded(DENY, 1);
    assertThat(messages()).hasSize(2).allMatch(line -> line.contains("option timeout"));
    assertThat(outages).isZero();
  }

  @Test
  void outage_ofEachKind_hasItsOwnMessage() {
    for (Verdict.Fault fault : Verdict.Fault.values()) {
      if (fault != Verdict.Fault.OVERLOAD
          && fault != Verdict.Fault.OPTION_TIMEOUT
          && fault != Verdict.Fault.OVERTAKEN
          && fault != Verdict.Fault.STOPPING) {
        for (int i = 0; i < 3; i++) {
          log.checkEnded(Verdict.Unavailable.because(fault), 1);
        }
        log.checkEnded(DENY, 1);
      }
    }
    assertThat(lines.list.stream().map(ILoggingEvent::getFormattedMessage))
        .filteredOn(line -> line.startsWith("No verdicts: "))
        .hasSize(8)
        .doesNotHaveDuplicates();
  }

  @Test
  void firstHit_ofEachApplication_isLoggedOnce() {
    log.answered("a.test", CacheStatus.MISS);
    log.answered("a.test", CacheStatus.HIT);
    log.answered("a.test", CacheStatus.HIT);
    log.answered("b.test", CacheStatus.HIT);
    assertThat(messages())
        .hasSize(2)
        .allMatch(line -> line.contains("first request answered from the cache"));
  }

  @Test
  void firstHits_ofInventedHosts_areLimited() {
    for (int i = 0; i < 5_000; i++) {
      log.answered("host-" + i, CacheStatus.HIT);
    }
    assertThat(messages()).hasSize(1_000);
  }
}
