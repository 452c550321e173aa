package dev.postern.accesslog.line;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.accesslog.PeerText;
import dev.postern.testing.RawHttp;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// Formatting of single values.
class TextsTest {
  @ParameterizedTest
  @CsvSource({
    "app.test, app.test, -",
    "app.test:8443, app.test, 8443",
    "app.test:, app.test, ''",
    "[::1]:80, ::1, 80",
    "[::1], [::1], -",
    "::1, ::1, -",
    "[::1:80, [::1:80, -",
    "a]:1, a]:1, -",
    "[a]b:1, [a]b:1, -"
  })
  void hostAndPort_isSplitAsByGo(String text, String host, String port) {
    assertThat(HostAndPort.of(text)).isEqualTo(new HostAndPort(host, port));
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, 127.0.0.1, 127.0.0.1:80",
    "::1, ::1, [::1]:80",
    "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1, [2001:db8::1:0:0:1]:80",
    "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1, [2001:db8:0:1:1:1:1:1]:80",
    "2001:db8::, 2001:db8::, [2001:db8::]:80",
    "::, ::, [::]:80"
  })
  void peer_isWrittenInItsShortForm(String address, String host, String both) throws Exception {
    InetSocketAddress peer = new InetSocketAddress(InetAddress.getByName(address), 80);
    assertThat(PeerText.host(peer)).isEqualTo(host);
    assertThat(PeerText.hostAndPort(peer)).isEqualTo(both);
  }

  @ParameterizedTest
  @CsvSource({
    "user-agent, User-Agent",
    "X-FORWARDED-for, X-Forwarded-For",
    "x_forwarded_for, X_forwarded_for",
    "etag, Etag",
    "'a b', 'a b'"
  })
  void headerName_isGosCanonicalOne(String name, String canonical) {
    assertThat(HeaderNames.canonical(name)).isEqualTo(canonical);
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "0.5, 0.5",
    "3.3333333333333335, 3.3333333333333335",
    "100, 100",
    "12345678, 12345678",
    "0.000001, 0.000001",
    "0.00000025, 2.5e-7",
    "1e20, 100000000000000000000",
    "1e21, 1e+21"
  })
  void number_isWrittenAsByGo(double value, String text) {
    assertThat(JsonText.number(value)).isEqualTo(text);
  }

  @ParameterizedTest
  @CsvSource({
    "2009-11-10T23:00:00Z, UTC, 2009-11-10T23:00:00Z, 10/Nov/2009:23:00:00 +0000",
    "2009-11-10T23:00:00.5Z, UTC, 2009-11-10T23:00:00.5Z, 10/Nov/2009:23:00:00 +0000",
    "2024-07-01T00:00:00.000120Z, Europe/Berlin, 2024-07-01T02:00:00.00012+02:00,"
        + " 01/Jul/2024:02:00:00 +0200",
    "2024-01-01T00:00:00.123456789Z, Asia/Kolkata, 2024-01-01T05:30:00.123456789+05:30,"
        + " 01/Jan/2024:05:30:00 +0530",
    "2024-01-01T00:00:00Z, Europe/London, 2024-01-01T00:00:00Z, 01/Jan/2024:00:00:00 +0000"
  })
  void time_isWrittenAsByGo(String time, String zone, String nano, String clf) {
    TimeTexts texts = TimeTexts.in(ZoneId.of(zone));
    StringBuilder out = new StringBuilder();
    texts.appendRfc3339Nano(Instant.parse(time), out);
    assertThat(out).hasToString(nano);
    assertThat(texts.clf(Instant.parse(time))).isEqualTo(clf);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01"
      })
  void traceparent_invalid_isIgnored(String header) {
    assertThat(TraceContext.of(header)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "'a\tb', 'a\tb'",
    "'a\nb', 'a\\x0ab'",
    "'\r', '\\x0d'",
    "'\u001b[31m', '\\x1b[31m'",
    "'\u007f', '\\x7f'",
    "'\u00c2\u0085', '\\xc2\\x85'",
    "'\u009b31m', '\\x9b31m'",
    "'\u00c2', '\u00c2'",
    "'\u00c3\u0084\u00e2\u0082\u00ac', '\u00c3\u0084\u00e2\u0082\u00ac'",
    "'\u00f0\u009f\u0094\u0092', '\u00f0\u009f\u0094\u0092'",
    "'\u00e2\u0082', '\u00e2\\x82'",
    "'back\\slash', 'back\\slash'"
  })
  void controlCharacter_inATextLine_isEscaped(String text, String written) {
    StringBuilder plain = new StringBuilder();
    CommonFormat.plain(text, plain);
    assertThat(plain).hasToString(written);
    StringBuilder quoted = new StringBuilder();
    CommonFormat.quoted(text, quoted);
    assertThat(quoted).hasToString('"' + written + '"');
  }

  /// The user name is written without quotes, and a user chooses it.
  @ParameterizedTest
  @CsvSource({
    "alice, alice",
    "Alice Liddell, Alice Liddell",
    "DOMAIN\\alice, DOMAIN\\alice",
    "'\u00c3\u0084nne', '\u00c3\u0084nne'",
    "'a [x] \"GET / HTTP/1.1\" 200', 'a [x] \\\"GET / HTTP/1.1\\\" 200'",
    "'a\nb', 'a\\x0ab'",
    "'a\tb', 'a\\tb'",
    "'a\u00c2\u0085b', 'a\\xc2\\x85b'",
    "'', -",
  })
  void user_ofAnyName_cannotImitateTheRestOfALine(String name, String written) {
    StringBuilder out = new StringBuilder();
    CommonFormat.user(name, out);
    assertThat(out).hasToString(written);
  }

  @ParameterizedTest
  @CsvSource({
    "'a\"b\\c', 'a\\\"b\\\\c'",
    "'\n\r\t\b\f', '\\n\\r\\t\\b\\f'",
    "'\u0001\u001f', '\\u0001\\u001f'",
    "'<&>', '\\u003c\\u0026\\u003e'",
    "'/\u007f', '/\u007f'"
  })
  void json_ofAscii_isEscapedAsByGo(String text, String written) {
    StringBuilder out = new StringBuilder();
    JsonText.append(text, out);
    assertThat(out).hasToString('"' + written + '"');
  }

  @ParameterizedTest
  @CsvSource({
    "\u00e4\u20ac\ud83d\ude00, \u00e4\u20ac\ud83d\ude00",
    "'a\u2028b\u2029', 'a\\u2028b\\u2029'"
  })
  void json_ofUtf8_staysAsItIs(String text, String written) {
    StringBuilder out = new StringBuilder();
    JsonText.append(RawHttp.utf8(text), out);
    assertThat(out).hasToString('"' + RawHttp.utf8(written) + '"');
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\u0080",
        "\u00ff",
        "\u00c3",
        "\u00c0\u0080",
        "\u00ed\u00a0\u0080",
        "\u00f4\u0090\u0080\u0080"
      })
  void json_ofBytesThatAreNoUtf8_isTheReplacementForEach(String raw) {
    StringBuilder out = new StringBuilder();
    JsonText.append(raw, out);
    assertThat(out).hasToString('"' + "\\ufffd".repeat(raw.length()) + '"');
  }

  /// Whatever a peer sends stays inside its value.
  @Property
  void json_ofAnyBytes_isOneLineAndOneString(
      @ForAll @CharRange(from = '\u0000', to = '\u00ff') String raw) {
    StringBuilder out = new StringBuilder();
    JsonText.append(raw, out);
    assertThat(out).doesNotContain("\n");
    byte[] bytes = out.toString().getBytes(StandardCharsets.ISO_8859_1);
    assertThat(JsonMapper.shared().readTree(bytes).isString()).isTrue();
  }

  @Property
  void textLine_ofAnyBytes_isOneLine(
      @ForAll @CharRange(from = '\u0000', to = '\u00ff') String raw) {
    StringBuilder out = new StringBuilder();
    CommonFormat.quoted(raw, out);
    CommonFormat.plain(raw, out);
    assertThat(out.toString().chars()).noneMatch(c -> c < ' ' && c != '\t');
  }
}
