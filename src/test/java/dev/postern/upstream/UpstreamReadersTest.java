package dev.postern.upstream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.config.UpstreamConfig.PresetName;
import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import dev.postern.verdict.Preset;
import dev.postern.verdict.TokenClaims;
import dev.postern.verdict.UpstreamResponse;
import dev.postern.verdict.Verdict;
import dev.postern.verdict.VerdictReader;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// How a response and a token of the upstream are read.
class UpstreamReadersTest {
  private static final Preset PRESET = Presets.of(PresetName.AUTHENTIK);
  private final JwtReader tokens = new JwtReader();
  private final VerdictReader answers = new VerdictReader(PRESET, tokens);

  private Verdict read(int status, boolean hasCredential, String... lines) {
    HeaderLines headers =
        HeaderLines.of(
            Arrays.stream(lines)
                .map(line -> line.split(": ?", 2))
                .map(parts -> new HeaderLine(parts[0], parts[1]))
                .toList());
    return answers.read(new UpstreamResponse(status, headers, new byte[0]), hasCredential);
  }

  @ParameterizedTest
  @CsvSource({
    "200, Other",
    "201, Other",
    "204, Other",
    "206, Other",
    "301, Challenge",
    "302, Challenge",
    "303, Challenge",
    "304, Challenge",
    "307, Challenge",
    "308, Challenge",
    "400, Other",
    "401, Deny",
    "402, Other",
    "403, Deny",
    "404, Other",
    "407, Other",
    "421, Other",
    "429, Other",
    "499, Other",
    "500, Unavailable",
    "502, Unavailable",
    "503, Unavailable",
    "504, Unavailable",
    "599, Unavailable"
  })
  void read_status_isItsVerdict(int status, String kind) {
    assertThat(read(status, true).getClass().getSimpleName()).isEqualTo(kind);
    assertThat(read(status, false).getClass().getSimpleName())
        .isEqualTo(status == 200 ? "AnonymousAllow" : kind);
  }

  static Stream<Arguments> allows() {
    String uid = "X-authentik-uid: u";
    String app = "X-authentik-meta-app: a";
    return Stream.of(
        Arguments.of(true, "Allow", new String[] {uid, app}),
        Arguments.of(true, "Allow", new String[] {"x-AUTHENTIK-uid: u", app}),
        Arguments.of(true, "Other", new String[] {uid}),
        Arguments.of(true, "Other", new String[] {app}),
        Arguments.of(true, "Other", new String[] {"X-authentik-uid: ", app}),
        Arguments.of(true, "Other", new String[] {uid, "X-authentik-meta-app: "}),
        Arguments.of(true, "Other", new String[] {uid, uid, app}),
        Arguments.of(true, "Other", new String[] {uid, app, app}),
        Arguments.of(false, "Other", new String[] {uid, app}),
        Arguments.of(false, "Other", new String[] {"X-authentik-uid: ", app}),
        Arguments.of(false, "AnonymousAllow", new String[] {app}));
  }

  @ParameterizedTest
  @MethodSource("allows")
  void read_allow_dependsOnIdentityAndCredential(
      boolean hasCredential, String kind, String[] lines) {
    assertThat(read(200, hasCredential, lines).getClass().getSimpleName()).isEqualTo(kind);
  }

  @ParameterizedTest
  @ValueSource(strings = {"Set-Cookie: a=b", "set-cookie: ", "Location: /", "location: "})
  void read_allowForOneRequestAlone_isNotShareable(String line) {
    assertThat(read(200, true, "X-authentik-uid: u", "X-authentik-meta-app: a", line))
        .isInstanceOfSatisfying(Verdict.Allow.class, v -> assertThat(v.shareable()).isFalse());
    assertThat(read(200, false, line))
        .isInstanceOfSatisfying(
            Verdict.AnonymousAllow.class, v -> assertThat(v.shareable()).isFalse());
  }

  @Test
  void read_identity_isDecodedAndTheTokenThatComesTwiceIsNot() {
    String token = jwt("{\"sub\":\"é\",\"sid\":\"s\",\"exp\":1}");
    String[] lines = {
      "X-authentik-uid: \u00c3\u00a9", "X-authentik-meta-app: a", "X-authentik-jwt: " + token
    };
    assertThat(read(200, true, lines))
        .isInstanceOfSatisfying(
            Verdict.Allow.class,
            v -> {
              assertThat(v.identity().uid()).isEqualTo("é");
              assertThat(v.identity().token()).isEqualTo(new TokenClaims("é", "s", 1000L));
            });
    assertThat(read(200, true, lines[0], lines[1], lines[2], lines[2]))
        .isInstanceOfSatisfying(
            Verdict.Allow.class, v -> assertThat(v.identity().token()).isNull());
  }

  private static String jwt(String payload) {
    return "e30."
        + Base64.getUrlEncoder().withoutPadding().encodeToString(payload.getBytes(UTF_8))
        + ".c2ln";
  }

  static Stream<Arguments> payloads() {
    return Stream.of(
        Arguments.of("{}", new TokenClaims(null, null, null)),
        Arguments.of("{\"sub\":\"a\",\"sid\":\"b\",\"exp\":2}", new TokenClaims("a", "b", 2000L)),
        Arguments.of(
            "{\"sub\":1,\"sid\":[\"b\"],\"exp\":\"2\"}", new TokenClaims(null, null, null)),
        Arguments.of("{\"sub\":\"\",\"sid\":null}", new TokenClaims(null, null, null)),
        Arguments.of("{\"exp\":2.999}", new TokenClaims(null, null, 2999L)),
        Arguments.of("{\"exp\":2e3}", new TokenClaims(null, null, 2_000_000L)),
        Arguments.of("{\"exp\":-1}", new TokenClaims(null, null, -1000L)),
        Arguments.of("{\"exp\":1e400}", new TokenClaims(null, null, null)),
        Arguments.of("{\"exp\":-1e400}", new TokenClaims(null, null, Long.MIN_VALUE)),
        Arguments.of("{\"exp\":{\"exp\":5},\"sub\":\"a\"}", new TokenClaims("a", null, null)),
        Arguments.of(
            "{\"act\":{\"sub\":\"x\",\"sid\":\"y\",\"exp\":9},\"sub\":\"a\"}",
            new TokenClaims("a", null, null)),
        Arguments.of("{\"\\u0073ub\":\"a\"}", new TokenClaims("a", null, null)),
        Arguments.of("{\"sub\":\"a\",\"sub\":\"b\"}", null),
        Arguments.of("{\"exp\":9223372036854775807}", null),
        Arguments.of("{\"exp\":99999999999999999999}", null),
        Arguments.of("{\"sub\":\"a\"", null),
        Arguments.of("{\"sub\":\"a\"}{\"sub\":\"b\"}", null),
        Arguments.of("{\"sub\":\"a\"} x", null),
        Arguments.of("[{\"sub\":\"a\"}]", null),
        Arguments.of("null", null),
        Arguments.of("", null),
        Arguments.of("{\"a\":" + "[".repeat(100_000), null));
  }

  @ParameterizedTest
  @MethodSource("payloads")
  void jwt_payload_isReadOrRefusedAsAWhole(String payload, @Nullable TokenClaims claims) {
    assertThat(tokens.read(jwt(payload))).isEqualTo(claims);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", ".", "..", "a", "a.b", "e30.e30", "e30.!.c", "e30.e3.c", "e30.+/==.c"})
  void jwt_notCompact_isNone(String token) {
    assertThat(tokens.read(token)).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "192.0.2.1, 192.0.2.1",
    "::ffff:192.0.2.1, 192.0.2.1",
    "2001:db8:1:2::1, 20010db800010002",
    "2001:db8:1:2:ffff:ffff:ffff:ffff, 20010db800010002",
    "2001:db8:1:3::1, 20010db800010003",
    "not:an:address, not:an:address",
    "unknown, unknown"
  })
  void share_client_isItsAddressOrItsNetwork(String client, String share) {
    assertThat(ClientShare.of(client)).isEqualTo(share);
  }

  @ParameterizedTest
  @CsvSource({
    "/outpost.goauthentik.io/auth/traefik, FORWARD_AUTH",
    "/outpost.goauthentik.io/auth/traefik/, UNKNOWN",
    "/outpost.goauthentik.io/auth/nginx, UNKNOWN",
    "/outpost.goauthentik.io/auth/caddy, UNKNOWN",
    "/outpost.goauthentik.io/auth/envoy/x, UNKNOWN",
    "/outpost.goauthentik.io/start, SESSION_CHANGE",
    "/outpost.goauthentik.io/callback, SESSION_CHANGE",
    "/outpost.goauthentik.io/callback/x, SESSION_CHANGE",
    "/outpost.goauthentik.io/sign_out, SESSION_CHANGE",
    "/outpost.goauthentik.io/sign_outs, RELAY",
    "/outpost.goauthentik.io/static/x.css, RELAY",
    "/outpost.goauthentik.io/ping, RELAY",
    "/outpost.goauthentik.io, UNKNOWN",
    "/outpost.goauthentik.iox/ping, UNKNOWN",
    "/, UNKNOWN"
  })
  void preset_path_hasItsPurpose(String path, Preset.Purpose purpose) {
    assertThat(PRESET.purpose(path)).isEqualTo(purpose);
  }
}
