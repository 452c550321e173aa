package dev.postern.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which peers may send forward-auth requests.
class TrustedPeersTest {
  @ParameterizedTest
  @CsvSource({
    "10.0.0.0/8, 10.255.255.255, true",
    "10.0.0.0/8, 11.0.0.0, false",
    "10.0.0.0/8, ::ffff:10.1.2.3, true",
    "10.0.0.0/8, ::ffff:11.1.2.3, false",
    "10.0.0.0/8, a00::, false",
    "::ffff:10.0.0.1, 10.0.0.1, true",
    "10.9.8.7/8, 10.0.0.1, true",
    "192.0.2.128/25, 192.0.2.127, false",
    "192.0.2.128/25, 192.0.2.128, true",
    "192.0.2.128/31, 192.0.2.129, true",
    "192.0.2.128/31, 192.0.2.130, false",
    "192.0.2.1, 192.0.2.1, true",
    "192.0.2.1, 192.0.2.0, false",
    "0.0.0.0/0, 203.0.113.9, true",
    "0.0.0.0/0, 2001:db8::1, false",
    "::/0, 2001:db8::1, true",
    "::/0, 192.0.2.1, false",
    "2001:db8::/33, 2001:db8:7fff::, true",
    "2001:db8::/33, 2001:db8:8000::, false",
    "fe80::/10, febf::1, true",
    "fe80::/10, fec0::1, false",
    "::ffff:10.0.0.0/104, 10.1.2.3, true",
    "::ffff:10.0.0.0/104, 11.0.0.1, false",
    "::ffff:192.0.2.7, 192.0.2.7, true",
    "::ffff:192.0.2.7, 192.0.2.8, false"
  })
  void contains_address_byItsLeadingBits(String range, String address, boolean contained) {
    assertThat(TrustedPeers.of(List.of(range)).contains(InetAddress.ofLiteral(address)))
        .isEqualTo(contained);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/8",
        "10.0.0.0/",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "::/129",
        "10.0.0.0/8/8",
        "localhost",
        "10.0.0.0/a",
        "::ffff:10.0.0.0/95",
        "::ffff:10.0.0.0/129",
        "10.0.0.0/+8",
        "10/8",
        "10.0/8",
        "10.0.0.0/08",
        "10.0.0.0/ 8",
        "300.0.0.1"
      })
  void parse_whatIsNoRange_isRefused(String text) {
    assertThatThrownBy(() -> AddressRange.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, true",
    "::1, true",
    "10.1.2.3, true",
    "172.16.0.1, true",
    "172.32.0.1, false",
    "172.15.0.1, false",
    "192.168.1.1, true",
    "192.169.0.1, false",
    "fd00::1, true",
    "fe80::1, true",
    "::2, false",
    "8.8.8.8, false",
    "2001:db8::1, false",
    "::ffff:8.8.8.8, false"
  })
  void loopbackAndPrivate_address_isWhatTheNameSays(String address, boolean trusted) {
    assertThat(TrustedPeers.loopbackAndPrivate().contains(InetAddress.ofLiteral(address)))
        .isEqualTo(trusted);
  }

  @Test
  void of_noRange_trustsNoPeer() {
    assertThat(TrustedPeers.of(List.of()).contains(InetAddress.getLoopbackAddress())).isFalse();
  }
}
