package dev.postern.server.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.config.LoginLimitConfig;
import dev.postern.config.LoginLimitConfig.IpStrategy;
import dev.postern.config.LoginLimitConfig.SourceCriterion;
import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The capacity of an account, what debits it, and which requests are exempt.
class LoginLimitTest {
  private static final int CHALLENGE = 302;
  private static final String ALICE = "192.0.2.1";
  private static final String BOB = "192.0.2.2";

  /// Far from zero, and negative: nanoTime may return any value.
  private long now = Long.MIN_VALUE / 2;

  private final AtomicInteger refused = new AtomicInteger();
  private final Set<String> sessions = new HashSet<>();

  private LoginLimit limit(int average, int burst) {
    return limit(average, burst, Duration.ofSeconds(1));
  }

  private LoginLimit limit(int average, int burst, Duration period) {
    SourceCriterion criterion = new SourceCriterion(new IpStrategy(1, List.of(), 64), null, false);
    return new LoginLimit(
        new LoginLimitConfig(average, burst, period, criterion),
        new Clients(criterion),
        () -> now,
        refused::incrementAndGet);
  }

  private LoginLimit.Account account(LoginLimit limit, String client, @Nullable String cookie) {
    HeaderLines headers = HeaderLines.of(List.of(new HeaderLine("X-Forwarded-For", client)));
    return limit.account(
        headers,
        "10.0.0.1",
        new LoginLimit.Sent(cookie != null, false, () -> sessions.contains(cookie)));
  }

  private long wait(LoginLimit limit, String client, @Nullable String cookie) {
    return account(limit, client, cookie).retryAfterSeconds();
  }

  private void answer(LoginLimit limit, String client, @Nullable String cookie, int status) {
    account(limit, client, cookie).answered(status);
  }

  private void empty(LoginLimit limit, String client, @Nullable String cookie) {
    for (int i = 0; wait(limit, client, cookie) == 0; i++) {
      assertThat(i).isLessThan(10_000);
      answer(limit, client, cookie, CHALLENGE);
    }
    refused.set(0);
  }

  private void pass(long millis) {
    now += TimeUnit.MILLISECONDS.toNanos(millis);
  }

  @Test
  void account_full_allowsABurstAndThenTheAverage() {
    LoginLimit limit = limit(2, 5);
    for (int i = 0; i < 5; i++) {
      assertThat(wait(limit, ALICE, null)).isZero();
      answer(limit, ALICE, null, CHALLENGE);
    }
    assertThat(wait(limit, ALICE, null)).isEqualTo(1);
    assertThat(refused).hasValue(1);
    pass(499);
    assertThat(wait(limit, ALICE, null)).isEqualTo(1);
    pass(1);
    assertThat(wait(limit, ALICE, null)).isZero();
    answer(limit, ALICE, null, CHALLENGE);
    assertThat(wait(limit, ALICE, null)).isEqualTo(1);
  }

  @Test
  void account_unused_isNeverMoreThanFull() {
    LoginLimit limit = limit(1, 3);
    empty(limit, ALICE, null);
    pass(TimeUnit.DAYS.toMillis(400));
    for (int i = 0; i < 3; i++) {
      answer(limit, ALICE, null, CHALLENGE);
    }
    assertThat(wait(limit, ALICE, null)).isEqualTo(1);
  }

  /// Responses that were in flight overdraw an account; the debt is bounded.
  @Test
  void account_overdrawn_refillsAndOwesAtMostABurst() {
    LoginLimit limit = limit(1, 3);
    for (int i = 0; i < 1000; i++) {
      answer(limit, ALICE, null, CHALLENGE);
    }
    assertThat(wait(limit, ALICE, null)).isEqualTo(4);
    pass(4000);
    assertThat(wait(limit, ALICE, null)).isZero();
  }

  @Test
  void retryAfter_isInWholeSecondsRoundedUp() {
    LoginLimit limit = limit(1, 1, Duration.ofSeconds(90));
    answer(limit, ALICE, null, CHALLENGE);
    assertThat(wait(limit, ALICE, null)).isEqualTo(90);
    pass(100);
    assertThat(wait(limit, ALICE, null)).isEqualTo(90);
    pass(89_899);
    assertThat(wait(limit, ALICE, null)).isEqualTo(1);
    pass(1);
    assertThat(wait(limit, ALICE, null)).isZero();
  }

  @Test
  void account_ofAnotherClient_isSeparate() {
    LoginLimit limit = limit(1, 3);
    empty(limit, ALICE, null);
    assertThat(wait(limit, ALICE, null)).isPositive();
    assertThat(wait(limit, BOB, null)).isZero();
  }

  @ParameterizedTest(name = "{0} with a credential: {1}")
  @CsvSource({
    "302, false, true",
    "302, true, true",
    "307, false, true",
    "401, false, true",
    "401, true, true",
    "403, false, true",
    "403, true, false",
    "400, false, true",
    "404, true, false",
    "200, false, false",
    "200, true, false",
    "204, false, false",
    "500, false, false",
    "502, true, false",
    "503, false, false",
  })
  void response_debits(int status, boolean hasCredential, boolean debits) {
    LoginLimit limit = limit(1, 1);
    answer(limit, ALICE, hasCredential ? "x" : null, status);
    assertThat(wait(limit, ALICE, hasCredential ? "other" : null) > 0).isEqualTo(debits);
  }

  @Test
  void average_zero_isOff() {
    LoginLimit limit = limit(0, 1);
    for (int i = 0; i < 1000; i++) {
      answer(limit, ALICE, null, CHALLENGE);
    }
    assertThat(wait(limit, ALICE, null)).isZero();
    assertThat(refused).hasValue(0);
  }

  @Test
  void requestsWithACredential_haveAnAccountOfTheirOwn() {
    LoginLimit limit = limit(1, 3);
    empty(limit, ALICE, null);
    assertThat(wait(limit, ALICE, "cookie")).isZero();
    empty(limit, ALICE, "cookie");
    assertThat(wait(limit, ALICE, "invented")).isPositive();
  }

  @Test
  void credentialWithAnAllow_isServedWhateverTheAccountSays() {
    LoginLimit limit = limit(1, 3);
    sessions.add("alice");
    empty(limit, ALICE, "invented");
    assertThat(wait(limit, ALICE, "alice")).isZero();
    assertThat(wait(limit, ALICE, "other")).isPositive();
  }

  @Test
  void credentialOfAnEndedSession_isLikeAnInventedOne() {
    LoginLimit limit = limit(1, 3);
    sessions.add("alice");
    empty(limit, ALICE, "invented");
    sessions.remove("alice");
    assertThat(wait(limit, ALICE, "alice")).isPositive();
  }

  @ParameterizedTest
  @CsvSource({"400, true", "403, true", "302, true", "200, false", "500, false"})
  void responseToASessionChange_debits(int status, boolean debits) {
    LoginLimit limit = limit(1, 1);
    LoginLimit.Sent sent = new LoginLimit.Sent(true, true, () -> false);
    limit.account(HeaderLines.of(List.of()), ALICE, sent).answered(status);
    assertThat(limit.account(HeaderLines.of(List.of()), ALICE, sent).retryAfterSeconds() > 0)
        .isEqualTo(debits);
  }

  @Test
  void cancelledRequest_debits() {
    LoginLimit limit = limit(1, 1);
    account(limit, ALICE, null).aborted();
    assertThat(wait(limit, ALICE, null)).isPositive();
    assertThat(wait(limit, ALICE, "x")).isZero();
    account(limit, ALICE, "x").aborted();
    assertThat(wait(limit, ALICE, "y")).isPositive();
  }

  /// The table has a fixed number of slots, so the remaining question is whether many invented
  /// addresses can use up another client's account.
  @Test
  void inventedAddressesByTheHundredThousand_limitNobodyElse() {
    LoginLimit limit = limit(20, 100);
    for (int i = 0; i < 200_000; i++) {
      answer(limit, "2001:db8:%x:%x::1".formatted(i >>> 16, i & 0xffff), null, CHALLENGE);
    }
    assertThat(wait(limit, ALICE, null)).isZero();
    assertThat(refused).hasValue(0);
  }

  @ParameterizedTest
  @CsvSource({"1, 1000000, 86400000000000", "1000000, 1000000, 1", "1000000, 1, 1"})
  void accounts_atTheEdgesOfTheirRange_neverOverflow(int average, int burst, long periodNanos) {
    LoginLimit limit = limit(average, burst, Duration.ofNanos(periodNanos));
    for (int i = 0; i < 3; i++) {
      assertThat(wait(limit, BOB, null)).isZero();
      answer(limit, ALICE, null, CHALLENGE);
      now += Long.MAX_VALUE / 16;
    }
  }
}
