package dev.postern.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import dev.postern.verdict.CacheStatus;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Header lines that Postern adds to a verdict, and Postern's own responses.
class ResponsesTest {
  private static final HeaderLine OWN = new HeaderLine("X-Own", "1");

  private static List<HeaderLine> lines(boolean toClients, int status, HeaderLine... upstream) {
    return new Responses(toClients)
        .ofVerdict(status, HeaderLines.of(List.of(upstream)), CacheStatus.MISS)
        .lines();
  }

  @ParameterizedTest(name = "status {0}, to clients {1}: {2}")
  @CsvSource({
    "200, false, true",
    "204, false, true",
    "302, false, false",
    "401, false, false",
    "403, false, false",
    "502, false, false",
    "200, true, true",
    "302, true, true",
    "403, true, true",
    "502, true, true",
  })
  void cacheStatus_isOnAllowsAndElsewhereIfConfigured(
      int status, boolean toClients, boolean shown) {
    HeaderLine line = new HeaderLine("X-Postern-Cache", "miss");
    assertThat(lines(toClients, status, OWN).contains(line)).isEqualTo(shown);
    assertThat(lines(toClients, status, OWN)).startsWith(OWN);
  }

  @Test
  void cacheStatus_ofTheUpstream_isNotPassedOn() {
    HeaderLine foreign = new HeaderLine("x-postern-cache", "hit");
    assertThat(lines(false, 302, foreign)).doesNotContain(foreign);
    assertThat(lines(false, 200, foreign)).doesNotContain(foreign);
  }

  @Test
  void refusalOfTheUpstream_withoutCacheControl_isNotStored() {
    HeaderLine noStore = new HeaderLine("Cache-Control", "no-store");
    HeaderLine given = new HeaderLine("cache-control", "max-age=1");
    assertThat(lines(false, 403, OWN)).containsExactly(OWN, noStore);
    assertThat(lines(false, 403, given)).containsExactly(given);
    assertThat(lines(false, 200, OWN)).doesNotContain(noStore);
  }

  @Test
  void tooMany_hasRetryAfter() {
    FakeExchange exchange = FakeExchange.of("GET", "/");
    Responses.tooMany(exchange, 7);
    assertThat(exchange.status()).isEqualTo(429);
    assertThat(exchange.values("Retry-After")).containsExactly("7");
    assertThat(exchange.values("Cache-Control")).containsExactly("no-store");
    assertThat(exchange.values("X-Content-Type-Options")).containsExactly("nosniff");
    assertThat(exchange.bodyText()).startsWith("Too many logins").endsWith("\n");
  }
}
