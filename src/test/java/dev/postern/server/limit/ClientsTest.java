package dev.postern.server.limit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.config.LoginLimitConfig.IpStrategy;
import dev.postern.config.LoginLimitConfig.SourceCriterion;
import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The client that a request is counted for.
class ClientsTest {
  private static final String PEER = "10.0.0.1";

  private static Clients clients(int depth, int subnet, String... excluded) {
    return new Clients(
        new SourceCriterion(new IpStrategy(depth, List.of(excluded), subnet), null, false));
  }

  private static HeaderLines forwardedFor(String... lists) {
    return HeaderLines.of(
        Arrays.stream(lists).map(list -> new HeaderLine("X-Forwarded-For", list)).toList());
  }

  private static String address(Clients clients, String list) {
    return clients.address(forwardedFor(list), PEER);
  }

  @ParameterizedTest(name = "{0} and {1} are one client: {2}")
  @CsvSource({
    "2001:db8:1:2::1, 2001:db8:1:2:ffff::2, true",
    "2001:db8:1:2::1, 2001:DB8:1:2:0:0:0:1, true",
    "2001:db8:1:2::1, 2001:db8:1:3::1, false",
    "2001:db8:1:2::1, [2001:db8:1:2::1], true",
    "[2001:db8:1:2::1]:443, [2001:db8:1:2::9]:50000, true",
    "::ffff:192.0.2.1, 192.0.2.1, true",
    "192.0.2.1:4711, 192.0.2.1:4712, true",
    "192.0.2.1:4711, 192.0.2.1, true",
    "192.0.2.1, 192.0.2.3, false",
    "192.0.2.1:4711, 192.0.2.3:4711, false",
    "unknown, unknown, true",
    "unknown, other, false",
  })
  void address_ofOneSubscriber_isOneClient(String one, String other, boolean same) {
    Clients clients = clients(1, 64);
    assertThat(address(clients, one).equals(address(clients, other))).isEqualTo(same);
  }

  @ParameterizedTest(name = "depth {0}, excluded {1}: {2} is {3}")
  @CsvSource({
    "1, '', '192.0.2.9, 192.0.2.1', 192.0.2.1",
    "2, '', '192.0.2.9, 192.0.2.1, 10.0.0.2', 192.0.2.1",
    "2, '', '192.0.2.1,10.0.0.2', 192.0.2.1",
    "2, '', '192.0.2.1:4711, 10.0.0.2:80', 192.0.2.1",
    "3, '', 192.0.2.1, 192.0.2.1",
    "3, '', '10.9.9.9, 192.0.2.1', 192.0.2.1",
    "0, 10.0.0.0/8, '192.0.2.9, 192.0.2.1, 10.0.0.2, 10.0.0.3', 192.0.2.1",
    "0, 10.0.0.0/8, '192.0.2.9, 192.0.2.1:99, 10.0.0.2:1, 10.0.0.3:2', 192.0.2.1",
    "0, 10.0.0.0/8, '192.0.2.9, , 192.0.2.1', 192.0.2.1",
    "0, 10.0.0.0/8, '10.0.0.1, 10.0.0.2', 10.0.0.2",
    "0, 10.0.0.0/8, '192.0.2.9, 10.0.0.x', 10.0.0.x",
    "0, '::1', '2001:db8::1, ::1', 2001:db8::1",
    "0, '::1', '2001:db8::1, [::1]:443', 2001:db8::1",
    "0, '', '192.0.2.9, 192.0.2.1', 192.0.2.1",
  })
  void ipStrategy_countsFromTheRight(int depth, String excluded, String list, String client) {
    Clients clients = excluded.isEmpty() ? clients(depth, 128) : clients(depth, 128, excluded);
    assertThat(address(clients, list)).isEqualTo(address(clients(1, 128), client));
  }

  @Test
  void ipStrategy_countsOverSeveralLines() {
    HeaderLines lines = forwardedFor("192.0.2.9, 192.0.2.1", "10.0.0.2,10.0.0.3", "10.0.0.4");
    assertThat(clients(1, 64).address(lines, PEER)).isEqualTo("10.0.0.4");
    assertThat(clients(4, 64).address(lines, PEER)).isEqualTo("192.0.2.1");
    assertThat(clients(0, 64, "10.0.0.0/8").address(lines, PEER)).isEqualTo("192.0.2.1");
    assertThat(clients(9, 64).address(lines, PEER)).isEqualTo("10.0.0.4");
  }

  /// Elements that a client adds to the left of its own address have no effect.
  @Test
  void ipStrategy_readsALimitedNumberOfElements() {
    String chain = "192.0.2.1" + ", 10.0.0.9".repeat(1_023);
    assertThat(address(clients(0, 64, "10.0.0.0/8"), chain)).isEqualTo("192.0.2.1");
    assertThat(address(clients(0, 64, "10.0.0.0/8"), chain + ", 10.0.0.1")).isEqualTo("10.0.0.1");
  }

  @Test
  void ipStrategy_withoutForwardedFor_countsThePeer() {
    assertThat(clients(2, 64).address(HeaderLines.of(List.of()), PEER)).isEqualTo(PEER);
    assertThat(clients(2, 64).address(forwardedFor(" "), PEER)).isEqualTo(PEER);
  }

  @Test
  void severalLines_areOneList() {
    assertThat(clients(2, 64).address(forwardedFor("192.0.2.9, 192.0.2.1", "10.0.0.2"), PEER))
        .isEqualTo("192.0.2.1");
  }

  private static Clients by(@Nullable String header, boolean host) {
    return new Clients(new SourceCriterion(new IpStrategy(1, List.of(), 64), header, host));
  }

  @Test
  void otherCriteria_countLoginsByHeaderOrHost() {
    HeaderLines headers =
        HeaderLines.of(
            List.of(
                new HeaderLine("CF-Connecting-IP", "192.0.2.7"),
                new HeaderLine("X-Forwarded-Host", "app.example.test"),
                new HeaderLine("X-Forwarded-For", "10.0.0.9")));
    assertThat(by("cf-connecting-ip", false).loginKey(headers, PEER)).isEqualTo("192.0.2.7");
    assertThat(by("absent", false).loginKey(headers, PEER)).isEmpty();
    assertThat(by(null, true).loginKey(headers, PEER)).isEqualTo("app.example.test");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "APP.example.test",
        "app.example.test:8443",
        "app.example.test.",
        "App.Example.test.:1"
      })
  void requestHost_inAnotherSpelling_isTheSameAccount(String spelling) {
    HeaderLines headers = HeaderLines.of(List.of(new HeaderLine("X-Forwarded-Host", spelling)));
    assertThat(by(null, true).loginKey(headers, PEER)).isEqualTo("app.example.test");
  }

  /// Upstream slots are limited per client: a header identifies clients, a host does not.
  @Test
  void otherCriteria_shareByHeaderOrAddress() {
    HeaderLines headers =
        HeaderLines.of(
            List.of(
                new HeaderLine("CF-Connecting-IP", "192.0.2.7:99"),
                new HeaderLine("X-Forwarded-Host", "app.example.test"),
                new HeaderLine("X-Forwarded-For", "10.0.0.9")));
    assertThat(by("cf-connecting-ip", false).address(headers, PEER)).isEqualTo("192.0.2.7");
    assertThat(by("absent", false).address(headers, PEER)).isEqualTo("10.0.0.9");
    assertThat(by(null, true).address(headers, PEER)).isEqualTo("10.0.0.9");
  }
}
