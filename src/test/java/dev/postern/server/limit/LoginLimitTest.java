package dev.postern.server.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.config.CacheConfig;
import dev.postern.config.DataSize;
import dev.postern.config.LoginLimitConfig;
import dev.postern.config.LoginLimitConfig.IpStrategy;
import dev.postern.config.LoginLimitConfig.SourceCriterion;
import dev.postern.config.UpstreamConfig.PresetName;
import dev.postern.http.ForwardedRequest;
import dev.postern.http.HeaderLine;
import dev.postern.http.HeaderLines;
import dev.postern.routing.Application;
import dev.postern.upstream.Presets;
import dev.postern.verdict.InFlightBudget;
import dev.postern.verdict.Question;
import dev.postern.verdict.VerdictCache;
import dev.postern.verdict.VerdictListener;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What a client's account holds, who debits it, and who is let by.
class LoginLimitTest {
  private static final int CHALLENGE = 302;
  private static final String ALICE = "192.0.2.1";
  private static final String BOB = "192.0.2.2";

  /// Far from zero, and negative: nanoTime may be anything.
  private long now = Long.MIN_VALUE / 2;

  private final AtomicInteger refused = new AtomicInteger();
  private final VerdictCache questions =
      new VerdictCache(
          new CacheConfig(
              Duration.ofSeconds(60),
              Duration.ofSeconds(10),
              Duration.ofSeconds(5),
              1,
              Duration.ZERO,
              new DataSize(1 << 20),
              Duration.ZERO),
          Presets.of(PresetName.AUTHENTIK),
          new VerdictCache.Surroundings(
              (_, _) -> {
                throw new AssertionError("nobody is asked");
              },
              _ -> null,
              () -> now,
              InstantSource.system(),
              Runnable::run,
              new InFlightBudget(1 << 20),
              new VerdictListener() {}));

  private LoginLimit limit(int average, int burst) {
    return limit(
        average, burst, new SourceCriterion(new IpStrategy(1, List.of(), 64), null, false));
  }

  private LoginLimit limit(int average, int burst, SourceCriterion criterion) {
    return new LoginLimit(
        new LoginLimitConfig(average, burst, Duration.ofSeconds(1), criterion),
        () -> now,
        refused::incrementAndGet);
  }

  private Question question(String client, @Nullable String cookie) {
    List<HeaderLine> lines = new ArrayList<>();
    lines.add(new HeaderLine("X-Forwarded-Method", "GET"));
    lines.add(new HeaderLine("X-Forwarded-Proto", "https"));
    lines.add(new HeaderLine("X-Forwarded-Host", "app.example.test"));
    lines.add(new HeaderLine("X-Forwarded-Uri", "/"));
    lines.add(new HeaderLine("X-Forwarded-For", client));
    if (cookie != null) {
      lines.add(new HeaderLine("Cookie", "authentik_proxy_0a1b2c3d=" + cookie));
    }
    ForwardedRequest request =
        ForwardedRequest.read(
            "GET", "/outpost.goauthentik.io/auth/traefik", "", HeaderLines.of(lines));
    return questions.question(request, Application.ofHost("app.example.test", 0));
  }

  private long wait(LoginLimit limit, String client, @Nullable String cookie) {
    return limit.account(question(client, cookie), "10.0.0.1").retryAfterSeconds();
  }

  private void answer(LoginLimit limit, String client, @Nullable String cookie, int status) {
    limit.account(question(client, cookie), "10.0.0.1").answered(status);
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
  void account_fullOne_takesABurstAndThenTheAverage() {
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
  void account_leftAlone_isNeverMoreThanFull() {
    LoginLimit limit = limit(1, 3);
    empty(limit, ALICE, null);
    pass(TimeUnit.DAYS.toMillis(400));
    for (int i = 0; i < 3; i++) {
      answer(limit, ALICE, null, CHALLENGE);
    }
    assertThat(wait(limit, ALICE, null)).isEqualTo(1);
  }

  /// Answers that were on their way overdraw an account; what they cost is bounded.
  @Test
  void account_overdrawn_isPaidBackButNeverMoreThanABurst() {
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
    LoginLimit limit =
        new LoginLimit(
            new LoginLimitConfig(
                1,
                1,
                Duration.ofSeconds(90),
                new SourceCriterion(new IpStrategy(1, List.of(), 64), null, false)),
            () -> now,
            refused::incrementAndGet);
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
  void account_ofAnother_isAnother() {
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
  void answer_debits(int status, boolean hasCredential, boolean debits) {
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
  void sessionThatWasAllowed_isAskedForWhateverTheAccountSays() {
    LoginLimit limit = limit(1, 3);
    answer(limit, ALICE, "alice", 200);
    empty(limit, ALICE, "invented");
    assertThat(wait(limit, ALICE, "alice")).isZero();
    assertThat(wait(limit, ALICE, "other")).isPositive();
  }

  @Test
  void sessionThatHasEnded_isLikeAnInventedOne() {
    LoginLimit limit = limit(1, 3);
    answer(limit, ALICE, "alice", 200);
    empty(limit, ALICE, "invented");
    answer(limit, ALICE, "alice", 302);
    assertThat(wait(limit, ALICE, "alice")).isPositive();
  }

  @ParameterizedTest(name = "{0} and {1} are one client: {2}")
  @CsvSource({
    "2001:db8:1:2::1, 2001:db8:1:2:ffff::2, true",
    "2001:db8:1:2::1, 2001:DB8:1:2:0:0:0:1, true",
    "2001:db8:1:2::1, 2001:db8:1:3::1, false",
    "::ffff:192.0.2.1, 192.0.2.1, true",
    "192.0.2.1, 192.0.2.3, false",
    "unknown, unknown, true",
    "unknown, other, false",
  })
  void address_ofOneSubscriber_isOneClient(String one, String other, boolean same) {
    LoginLimit limit = limit(1, 1);
    answer(limit, one, null, CHALLENGE);
    assertThat(wait(limit, other, null) > 0).isEqualTo(same);
  }

  @ParameterizedTest(name = "depth {0}, excluded {1}: {2} is {3}")
  @CsvSource({
    "1, '', '192.0.2.9, 192.0.2.1', 192.0.2.1",
    "2, '', '192.0.2.9, 192.0.2.1, 10.0.0.2', 192.0.2.1",
    "2, '', '192.0.2.1,10.0.0.2', 192.0.2.1",
    "3, '', 192.0.2.1, 192.0.2.1",
    "3, '', '10.9.9.9, 192.0.2.1', 192.0.2.1",
    "0, 10.0.0.0/8, '192.0.2.9, 192.0.2.1, 10.0.0.2, 10.0.0.3', 192.0.2.1",
    "0, 10.0.0.0/8, '192.0.2.9, , 192.0.2.1', 192.0.2.1",
    "0, 10.0.0.0/8, '10.0.0.1, 10.0.0.2', 10.0.0.2",
    "0, 10.0.0.0/8, '192.0.2.9, 10.0.0.x', 10.0.0.x",
    "0, '::1', '2001:db8::1, ::1', 2001:db8::1",
    "0, '', '192.0.2.9, 192.0.2.1', 192.0.2.1",
  })
  void ipStrategy_countsFromTheRight(int depth, String excluded, String list, String client) {
    Source source =
        new Source(
            new SourceCriterion(
                new IpStrategy(depth, excluded.isEmpty() ? List.of() : List.of(excluded), 128),
                null,
                false));
    Source plain = new Source(new SourceCriterion(new IpStrategy(1, List.of(), 128), null, false));
    assertThat(source.of(forwardedFor(list), "peer"))
        .isEqualTo(plain.of(forwardedFor(client), "peer"));
  }

  private static HeaderLines forwardedFor(String list) {
    return HeaderLines.of(List.of(new HeaderLine("X-Forwarded-For", list)));
  }

  @Test
  void ipStrategy_withoutForwardedFor_countsThePeer() {
    Source source = new Source(new SourceCriterion(new IpStrategy(2, List.of(), 64), null, false));
    assertThat(source.of(HeaderLines.of(List.of()), "10.0.0.1")).isEqualTo("10.0.0.1");
    assertThat(source.of(forwardedFor(" "), "10.0.0.1")).isEqualTo("10.0.0.1");
  }

  @Test
  void otherCriteria_countByHeaderOrHost() {
    IpStrategy unused = new IpStrategy(1, List.of(), 64);
    HeaderLines headers =
        HeaderLines.of(
            List.of(
                new HeaderLine("CF-Connecting-IP", "192.0.2.7"),
                new HeaderLine("X-Forwarded-Host", "app.example.test"),
                new HeaderLine("X-Forwarded-For", "10.0.0.9")));
    assertThat(new Source(new SourceCriterion(unused, "cf-connecting-ip", false)).of(headers, "p"))
        .isEqualTo("192.0.2.7");
    assertThat(new Source(new SourceCriterion(unused, "absent", false)).of(headers, "p")).isEmpty();
    assertThat(new Source(new SourceCriterion(unused, null, true)).of(headers, "p"))
        .isEqualTo("app.example.test");
  }

  /// The table has as many slots as it was made with, so what is left to see is that nobody's
  /// account is emptied by others, however many they are.
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
    LoginLimit limit =
        new LoginLimit(
            new LoginLimitConfig(
                average,
                burst,
                Duration.ofNanos(periodNanos),
                new SourceCriterion(new IpStrategy(1, List.of(), 64), null, false)),
            () -> now,
            refused::incrementAndGet);
    for (int i = 0; i < 3; i++) {
      assertThat(wait(limit, BOB, null)).isZero();
      answer(limit, ALICE, null, CHALLENGE);
      now += Long.MAX_VALUE / 16;
    }
  }
}
