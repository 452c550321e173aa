package dev.postern.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// How a server is written for the resolver, for the server itself and for people.
class EndpointTest {
  @ParameterizedTest
  @CsvSource({
    "false, authentik_server, 9000, '', 9000, authentik_server:9000, http://authentik_server:9000",
    "false, outpost, 0, '', 80, outpost, http://outpost",
    "true, outpost, 0, /at, 443, outpost, https://outpost/at",
    "true, outpost, 443, '', 443, outpost:443, https://outpost:443",
    "true, fe80::1%eth0, 9443, '', 9443, [fe80::1]:9443, https://[fe80::1%25eth0]:9443",
  })
  void endpoint_ofItsParts_isSpelledForEachReader(
      boolean isTls, String host, int given, String path, int port, String authority, String url) {
    Endpoint endpoint = new Endpoint(isTls, new HostName(host), given, path);
    assertThat(endpoint.port()).isEqualTo(port);
    assertThat(endpoint.authority()).isEqualTo(authority);
    assertThat(endpoint).hasToString(url);
    assertThat(endpoint.origin()).isEqualTo(url.replace("/at", ""));
    assertThat(endpoint.sniName()).isEqualTo(endpoint.host().sniName());
  }

  @ParameterizedTest
  @CsvSource({
    "false, outpost, 80, true",
    "false, OUTPOST, 0, true",
    "true, outpost, 80, false",
    "false, outpost, 81, false",
    "false, outpost2, 0, false",
  })
  void isSameServerAs_anotherSpelling_isTheSame(
      boolean isTls, String host, int port, boolean isSame) {
    Endpoint one = new Endpoint(false, new HostName("outpost"), 0, "/a");
    assertThat(one.isSameServerAs(new Endpoint(isTls, new HostName(host), port, "")))
        .isEqualTo(isSame);
  }

  @Test
  void endpoint_portOutsideItsRange_isRefused() {
    HostName host = new HostName("outpost");
    assertThatThrownBy(() -> new Endpoint(false, host, 65_536, ""))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Endpoint(false, host, -1, ""))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
