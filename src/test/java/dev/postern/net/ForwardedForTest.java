package dev.postern.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which client a request belongs to, however a proxy writes its address.
class ForwardedForTest {
  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1",
    "192.0.2.1:5678, 192.0.2.1",
    "192.0.2.1:, 192.0.2.1",
    "' 192.0.2.1:1 ', 192.0.2.1",
    "2001:db8::1, 2001:db8::1",
    "[2001:db8::1], 2001:db8::1",
    "[2001:db8::1]:443, 2001:db8::1",
    "[::1], ::1",
    "fe80::1%eth0, fe80::1",
    "[fe80::1%eth0]:443, fe80::1",
    "::ffff:192.0.2.1, 192.0.2.1",
    "::ffff:c000:201, 192.0.2.1",
    "[::ffff:192.0.2.1]:443, 192.0.2.1",
  })
  void address_anySpelling_isTheAddressAlone(String element, String address) {
    assertThat(ForwardedFor.address(element)).isEqualTo(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "unknown",
        "@",
        "",
        "host:80",
        "192.0.2.1:x",
        "192.0.2.1:123456",
        "10:80",
        "192.0.2.1:80:90",
        "[2001:db8::1",
        "[2001:db8::1]x",
        "[2001:db8::1]:x",
        "[]:80",
        "1::2::3"
      })
  void address_textWithoutOne_isUnchanged(String element) {
    assertThat(ForwardedFor.address(element)).isEqualTo(element);
  }

  @ParameterizedTest
  @CsvSource({
    "'203.0.113.9, 192.0.2.1:80', 192.0.2.1:80",
    "'203.0.113.9, ', 10.0.0.1",
    "'', 10.0.0.1",
    ", 10.0.0.1",
  })
  void last_list_isTheElementOfThePeer(@Nullable String value, String last) {
    assertThat(ForwardedFor.last(value, "10.0.0.1")).isEqualTo(last);
  }
}
