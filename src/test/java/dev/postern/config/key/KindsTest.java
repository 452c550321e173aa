package dev.postern.config.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.config.DataSize;
import dev.postern.config.ListenAddress;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KindsTest {

  @ParameterizedTest
  @CsvSource({
    "64MiB, 67108864",
    "512KiB, 524288",
    "1GiB, 1073741824",
    "64MB, 64000000",
    "1kB, 1000",
    "2 GB, 2000000000",
    "64mib, 67108864",
    "100, 100",
    "100B, 100",
    "0, 0",
  })
  void size_knownUnit_isBytes(String text, long bytes) throws Exception {
    assertThat(Kinds.SIZE.parser().parse(text)).isEqualTo(new DataSize(bytes));
  }

  @ParameterizedTest
  @ValueSource(strings = {"64M", "64k", "1.5GiB", "-1", "MiB", "64MiBs", "64  MiB", "0x10"})
  void size_otherText_saysWhatToWrite(String text) {
    assertThatThrownBy(() -> Kinds.SIZE.parser().parse(text))
        .hasMessage(
            "\"%s\" is not a size; write 64MiB, 512KiB, 1GiB, 64MB or a bare number of bytes",
            text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"9223372036854775807", "99999999999GiB"})
  void size_beyondAllMemory_isRefused(String text) {
    assertThatThrownBy(() -> Kinds.SIZE.parser().parse(text)).hasMessageEndingWith("is too large");
  }

  @Property
  void size_anyNumber_isReadBackFromItsText(
      @ForAll @LongRange(min = 0, max = Long.MAX_VALUE >> 2) long bytes) throws Exception {
    DataSize size = new DataSize(bytes);
    assertThat(Kinds.SIZE.parser().parse(size.toString())).isEqualTo(size);
  }

  @Property
  void size_wholeUnits_keepTheirUnit(@ForAll @LongRange(min = 1, max = 1023) long count) {
    assertThat(new DataSize(count << 20)).hasToString(count + "MiB");
  }

  @ParameterizedTest
  @CsvSource({
    ":9000, '', 9000",
    "127.0.0.1:9300, 127.0.0.1, 9300",
    "[::1]:9300, ::1, 9300",
    "[fe80::1%25eth0]:9300, fe80::1%eth0, 9300",
    "postern_1:9300, postern_1, 9300",
    "localhost:0, localhost, 0",
  })
  void address_hostAndPort_areSplit(String text, String host, int port) throws Exception {
    ListenAddress address = Kinds.ADDRESS.parser().parse(text);
    assertThat(address).isEqualTo(new ListenAddress(host, port)).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"9000", "::1:9300", "host:", "[::1]", "http://host:1", ":9000/tcp", "a b:1"})
  void address_otherText_saysWhatToWrite(String text) {
    assertThatThrownBy(() -> Kinds.ADDRESS.parser().parse(text))
        .hasMessage("\"%s\" is not an address; write :9000, 127.0.0.1:9000 or [::1]:9000", text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0/8",
        "192.0.2.7",
        "0.0.0.0/0",
        "10.1.2.3/8",
        "::/0",
        "2001:db8::/32",
        "::1",
        "::ffff:10.0.0.0/104",
        "::ffff:192.0.2.7"
      })
  void ipRange_addressOrCidr_isKept(String text) throws Exception {
    assertThat(Kinds.IP_RANGES.parser().parse(text)).containsExactly(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10/8",
        "10.0.0",
        "010.0.0.1",
        "1.2.3.4.",
        "256.0.0.1",
        "localhost",
        "fe80::1%eth0",
        ":::",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0.0/",
        "::/129",
        "::ffff:10.0.0.0/95",
        "::ffff:10.0.0.0/8",
        "10.0.0.0/08",
        "[::1]",
        "1"
      })
  void ipRange_otherText_isRefused(String text) {
    assertThatThrownBy(() -> Kinds.IP_RANGES.parser().parse(text))
        .isInstanceOf(BadValueException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "http://outpost:9000, http://outpost:9000",
    "HTTP://outpost:9000/, http://outpost:9000",
    "https://auth.example.org, https://auth.example.org",
    "http://[2001:db8::1]:9000, http://[2001:db8::1]:9000",
    "http://authentik_server:9000, http://authentik_server:9000",
    "https://auth.example.org.:9443, https://auth.example.org.:9443",
    "http://[fe80::1%eth0]:9000, http://[fe80::1%25eth0]:9000",
    "http://outpost:, http://outpost",
  })
  void url_schemeHostPort_isNormalized(String text, String url) throws Exception {
    assertThat(UpstreamUrl.parse(text)).hasToString(url);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "authentik-server:9000 | \"authentik-server:9000\" must begin with http",
        "http://authentik-server:90000 | \"http://authentik-server:90000\" has a port outside",
        "http://[::1]:0 | \"http://[::1]:0\" has a port outside",
        "ftp://outpost/x/s3cret | \"ftp://outpost/…\" must begin with http",
        "ftp://outpost?token=s3cret | \"ftp://outpost?…\" must begin with http",
        "http://user:s3cret@outpost | must not carry",
        "http://user:s3/cret@outpost | has no valid host",
        "http://user:s3cret | has no valid host",
        "user:s3cret@outpost | must begin with http",
        "user:s3cret | must begin with http",
        "Bearer s3cret | must begin with http",
        "http://[s3cret@x]:1 | must not carry",
      })
  void url_wrong_isShownAsFarAsItHoldsNoPassword(String text, String sentence) {
    assertThatThrownBy(() -> Kinds.URL.parser().parse(text))
        .isInstanceOf(BadValueException.class)
        .hasMessageStartingWith(sentence)
        .hasMessageNotContaining("s3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ws://authentik:0 | \"ws://authentik:0\" has a port outside",
        "ws://authentik/ws | \"ws://authentik/…\" must not have a path",
      })
  void websocketUrl_wrong_isShownAsItIsWritten(String text, String sentence) {
    assertThatThrownBy(() -> Kinds.WEBSOCKET_URL.parser().parse(text))
        .hasMessageStartingWith(sentence);
  }

  @ParameterizedTest
  @ValueSource(strings = {"authentik_server", "*.stack_default", "auth.example.org.", "::1"})
  void domains_anyName_isTaken(String text) throws Exception {
    assertThat(Kinds.DOMAINS.parser().parse(text)).containsExactly(text);
  }

  @ParameterizedTest
  @CsvSource({
    "https://other.test:8443/x?token=secret, https://other.test:8443",
    "https://user:secret@authentik_server/x, https://authentik_server",
    "/login, another path",
    "'', another path",
    "//other.test/x, nowhere",
    "h t t p, nowhere",
    "ftp://other.test, nowhere",
  })
  void origin_untrustedAddress_isShownWithoutPossibleSecrets(String url, String shown) {
    assertThat(Words.origin(url)).isEqualTo(shown);
  }

  @ParameterizedTest
  @CsvSource({"cache.tttl, cache.ttl", "ttl, cache.ttl", "upstream.ulr, upstream.url"})
  void nearest_smallMistake_findsTheKey(String name, String meant) {
    var names = List.of("cache", "cache.ttl", "cache.skew", "upstream", "upstream.url");
    assertThat(Words.nearest(name, names)).contains(meant);
  }

  @ParameterizedTest
  @CsvSource({"ulr, url, 1", "ttl, tttl, 1", "abc, abc, 0", "abc, '', 3", "kitten, sitting, 3"})
  void distance_countsEdits(String a, String b, int distance) {
    assertThat(Words.distance(a, b)).isEqualTo(distance);
  }
}
