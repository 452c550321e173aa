package dev.postern.testing.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.postern.testing.Field;
import dev.postern.testing.RawHttp;
import dev.postern.testing.RawMessage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class ReplayUpstreamTest {
  private static final List<Exchange> ALL = Exchanges.all();

  @Test
  void all_exchanges_areReplayedByteForByte() throws IOException {
    try (ReplayUpstream upstream = new ReplayUpstream()) {
      for (Exchange exchange : ALL) {
        upstream.play(exchange);
        String request = RawHttp.get(exchange.target(), "Host: " + exchange.host());
        if (exchange.status() == 0) {
          assertThatThrownBy(() -> RawHttp.once(upstream.url().getPort(), request))
              .isInstanceOf(IOException.class);
          continue;
        }
        RawMessage answer = RawHttp.once(upstream.url().getPort(), request);
        assertThat(answer.status()).as(exchange.toString()).isEqualTo(exchange.status());
        assertThat(answer.fields()).as(exchange.toString()).isEqualTo(exchange.headers());
        assertThat(answer.body()).as(exchange.toString()).hasSize(exchange.bodyLength());
        assertThat(upstream.requests()).hasSize(1);
      }
    }
    assertThat(ALL).hasSize(254);
  }

  @Test
  void all_exchanges_haveNoPlaceholderLeft() {
    assertThat(ALL)
        .allSatisfy(exchange -> {
          assertThat(exchange.request().toString()).doesNotContain("<");
          assertThat(exchange.headers().toString()).doesNotContain("<");
        });
  }

  @Test
  void placeholders_sameName_sameValue() {
    String setByLogin = first(ALL.get(1).headers(), "Set-Cookie");
    String cookie = setByLogin.substring(0, setByLogin.indexOf(';'));
    assertThat(ALL.get(3).request()).contains("Cookie: " + cookie);
    assertThat(cookie.substring(cookie.indexOf('=') + 1)).hasSize(160);
  }

  @Test
  void tokens_ofIdentityResponses_matchTheirUid() {
    ALL.stream()
        .filter(e -> e.headers().stream().anyMatch(f -> f.name().equals("X-Authentik-Jwt")))
        .forEach(e ->
            assertThat(claims(first(e.headers(), "X-Authentik-Jwt")).get("sub").asString())
                .as(e.toString())
                .isEqualTo(first(e.headers(), "X-Authentik-Uid")));
    assertThat(claims(first(ALL.get(3).headers(), "X-Authentik-Jwt")).has("sid")).isTrue();
    assertThat(claims(first(ALL.get(152).headers(), "X-Authentik-Jwt")).has("sid")).isFalse();
  }

  private static JsonNode claims(String token) {
    byte[] json = Base64.getUrlDecoder().decode(token.split("\\.", -1)[1]);
    return new ObjectMapper().readTree(new String(json, StandardCharsets.UTF_8));
  }

  private static String first(List<Field> fields, String name) {
    return fields.stream().filter(f -> f.name().equals(name)).findFirst().orElseThrow().value();
  }
}
