package dev.postern.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Which texts are hosts, and how they appear in URLs, headers and TLS.
class HostNameTest {
  @ParameterizedTest
  @CsvSource({
    "authentik_server, the name authentik_server cannot be resolved here",
    "fe80::1%eth0, there is no network interface eth0 here"
  })
  void unknownHere_nameOrZone_isDistinguished(String text, String sentence) {
    assertThat(new HostName(text).unknownHere()).isEqualTo(sentence);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "authentik_server",
        "authentik_server.",
        "_outpost.example.org",
        "stack_outpost_1.stack_default",
        "auth.example.org.",
        "AUTH.Example.org",
        "a",
        "server.1",
        "1password",
        "xn--bcher-kva.example",
        "192.0.2.1",
        "::1",
        "2001:db8::1",
        "::ffff:192.0.2.1",
        "fe80::1%eth0",
        "fe80::1%br-3f2a.5"
      })
  void of_whatTraefikAndDnsTake_isAHost(String text) {
    assertThat(HostName.of(text)).hasValue(new HostName(text));
    assertThat(new HostName(text)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        ".",
        "a..b",
        ".a",
        "a.example..",
        "-a",
        "a-",
        "a b",
        "a/b",
        "a:80",
        "bücher.example",
        "10",
        "127.1",
        "1.2.3.256",
        "01.2.3.4",
        "1.2.3.4.",
        "0x7f000001",
        "[::1]",
        ":::",
        "1::2::3",
        "fe80::1%",
        "fe80::1%e/0",
        "auth_server%eth0",
        "a\n",
        "::1\n"
      })
  void of_otherText_isNone(String text) {
    assertThat(HostName.of(text)).isEmpty();
    assertThatThrownBy(() -> new HostName(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void of_labelsAndNamesOfMoreThanDnsCarries_areNone() {
    String label = "a".repeat(63);
    assertThat(HostName.of(label)).isPresent();
    assertThat(HostName.of(label + "a")).isEmpty();
    String longest = String.join(".", label, label, label, "a".repeat(61));
    assertThat(HostName.of(longest)).isPresent();
    assertThat(HostName.of(longest + ".")).isPresent();
    assertThat(HostName.of(longest + "a")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "auth_server, auth_server",
    "[2001:db8::1], 2001:db8::1",
    "[fe80::1%25eth0], fe80::1%eth0",
    "[fe80::1%eth0], fe80::1%eth0",
  })
  void inUrl_host_isReadWithoutBrackets(String inUrl, String text) {
    assertThat(HostName.inUrl(inUrl)).hasValue(new HostName(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"::1", "[::1", "[::1]x", "[]", "[authentik]", "[192.0.2.1]", ""})
  void inUrl_otherText_isNone(String text) {
    assertThat(HostName.inUrl(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "Auth_Server, Auth_Server, Auth_Server, auth_server, auth_server",
    "auth.example.org., auth.example.org., auth.example.org., auth.example.org, auth.example.org",
    "192.0.2.1, 192.0.2.1, 192.0.2.1, 192.0.2.1,",
    "2001:DB8::1, [2001:DB8::1], [2001:DB8::1], 2001:db8::1,",
    "fe80::1%eth0, [fe80::1%25eth0], [fe80::1], fe80::1,",
  })
  void host_inEachPlace_hasItsSpellingThere(
      String text, String inUrl, String inHeader, String certificateName, @Nullable String sni) {
    HostName host = new HostName(text);
    assertThat(host.inUrl()).isEqualTo(inUrl);
    assertThat(host.inHeader()).isEqualTo(inHeader);
    assertThat(host.certificateName()).isEqualTo(certificateName);
    assertThat(host.sniName()).isEqualTo(sni);
    assertThat(host.isAddress()).isEqualTo(sni == null);
  }
}
