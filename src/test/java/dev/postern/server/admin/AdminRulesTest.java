package dev.postern.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.config.Secret;
import io.undertow.util.HeaderMap;
import io.undertow.util.HttpString;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/// Access control of the admin API, and the parsing of revocation requests.
class AdminRulesTest {
  private static int status(boolean loopback, @Nullable String token, String... headers) {
    HeaderMap map = new HeaderMap();
    for (int i = 0; i < headers.length; i += 2) {
      map.add(new HttpString(headers[i]), headers[i + 1]);
    }
    return new AdminAccess(loopback, token == null ? null : new Secret(token))
        .refusal(map)
        .map(AdminAccess.Refusal::status)
        .orElse(200);
  }

  @Test
  void access_offLoopbackWithoutToken_isAlwaysRefused() {
    assertThat(status(false, null, "Host", "localhost")).isEqualTo(403);
    assertThat(status(false, null, "Host", "localhost", "Authorization", "Bearer ")).isEqualTo(403);
  }

  @ParameterizedTest
  @CsvSource({
    "Bearer s3cret, 200",
    "bearer s3cret, 200",
    "'Bearer  s3cret ', 200",
    "Bearer s3cre, 401",
    "Bearer s3crets, 401",
    "Bearer S3CRET, 401",
    "Basic s3cret, 401",
    "s3cret, 401",
    "Bearer, 401",
    "'Bearer ', 401",
    "'', 401"
  })
  void access_token_mustBeTheWholeOne(String authorization, int status) {
    for (boolean loopback : new boolean[] {true, false}) {
      assertThat(status(loopback, "s3cret", "Host", "x", "Authorization", authorization))
          .isEqualTo(status);
    }
  }

  @Test
  void access_tokenAbsentOrTwice_isRefused() {
    assertThat(status(true, "s", "Host", "localhost")).isEqualTo(401);
    assertThat(
            status(
                true, "s", "Host", "h", "Authorization", "Bearer s", "Authorization", "Bearer s"))
        .isEqualTo(401);
    assertThat(status(true, "\u00e9", "Host", "h", "Authorization", "Bearer \u00c3\u00a9"))
        .isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "localhost, 200",
    "LOCALHOST:9300, 200",
    "127.0.0.1, 200",
    "127.0.0.1:9300, 200",
    "127.9.9.9, 200",
    "[::1], 200",
    "[::1]:9300, 200",
    "evil.test, 403",
    "127.0.0.1.evil.test, 403",
    "localhost.evil.test, 403",
    "10.0.0.1, 403",
    "[::2], 403",
    "evil.test@localhost, 403",
    "localhost/evil, 403",
    "localhost#evil, 403",
    "localhost?x, 403",
    "'', 403",
    "' localhost', 403",
    "localhost:x, 403",
    "1271.0.0.1, 403",
    "0.0.0.0, 403"
  })
  void access_withoutToken_needsALoopbackHost(String host, int status) {
    assertThat(status(true, null, "Host", host)).isEqualTo(status);
  }

  @Test
  void access_withoutHost_isRefused() {
    assertThat(status(true, null)).isEqualTo(403);
    assertThat(status(true, null, "Host", "localhost", "Host", "evil.test")).isEqualTo(403);
  }

  @ParameterizedTest
  @CsvSource({
    "http://localhost:9300, 200",
    "https://localhost:9300, 200",
    "HTTP://LOCALHOST:9300, 200",
    "http://localhost, 403",
    "http://evil.test, 403",
    "null, 403",
    "'', 403",
    "http://localhost:9300.evil.test, 403",
    "ftp://localhost:9300, 403"
  })
  void access_origin_mustBeTheEntryPointItself(String origin, int status) {
    assertThat(status(true, null, "Host", "localhost:9300", "Origin", origin)).isEqualTo(status);
    assertThat(
            status(
                false,
                "s",
                "Host",
                "localhost:9300",
                "Origin",
                origin,
                "Authorization",
                "Bearer s"))
        .isEqualTo(status);
  }

  @Test
  void access_secondOriginForeign_isRefused() {
    assertThat(
            status(
                true,
                null,
                "Host",
                "localhost",
                "Origin",
                "http://localhost",
                "Origin",
                "http://x"))
        .isEqualTo(403);
  }

  private static RevocationRequest read(String json) {
    return RevocationRequest.read(JsonMapper.shared().readTree(json));
  }

  @Test
  void revocation_oneKey_isRead() {
    assertThat(read("{\"sid\":\"a\"}")).isEqualTo(new RevocationRequest.Sid("a"));
    assertThat(read("{\"sub\":\"é\"}")).isEqualTo(new RevocationRequest.Sub("é"));
    assertThat(read("{\"application\":\"a b\"}"))
        .isEqualTo(new RevocationRequest.Application("a b"));
    assertThat(read("{\"all\":true}")).isEqualTo(new RevocationRequest.All());
  }

  static Stream<String> notRevocations() {
    return Stream.of(
        "{}",
        "[]",
        "null",
        "1",
        "\"sid\"",
        "[{\"sid\":\"a\"}]",
        "{\"sid\":\"a\",\"sub\":\"b\"}",
        "{\"all\":true,\"sid\":\"a\"}",
        "{\"sid\":\"\"}",
        "{\"sid\":1}",
        "{\"sid\":null}",
        "{\"sid\":[\"a\"]}",
        "{\"sub\":{}}",
        "{\"application\":true}",
        "{\"all\":false}",
        "{\"all\":1}",
        "{\"all\":\"true\"}",
        "{\"SID\":\"a\"}",
        "{\"user\":\"a\"}");
  }

  @ParameterizedTest
  @MethodSource("notRevocations")
  void revocation_anythingElse_isRefusedWithAMessage(String json) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageEndingWith(".");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"sid\":\"a\"} {\"all\":true}", "{\"sid\":\"a\"}x", "{sid:\"a\"}"})
  void revocation_notOneJsonValue_isRefused(String json) {
    assertThatThrownBy(() -> read(json)).isInstanceOf(RuntimeException.class);
  }
}
