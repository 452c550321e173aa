package dev.postern.demo.golang;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Behaviour of Go's standard library, as recorded in docs/design/authentik.md sections 1.2 and
/// 2.1.
final class GoTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "c=v | v",
        "a=b; c=v | v",
        "a=b;c=v | v",
        "a=b;\tc=v | v",
        "  c=v   | v",
        "c=v; c=w | v",
        "c=\"v\" | v",
        "x=\"a;b\"; c=v | v",
        "c= v | ` v`",
        "c=v,w | v,w",
        "c | ``"
      })
  void find_wellFormedPair_isFound(String line, String expected) {
    assertThat(GoCookies.find(List.of(line), "c")).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"C=v", "a=b, c=v", "c=v\\", "c=\"v", "d=c=v", ""})
  void find_otherNameOrBadValue_isNothing(String line) {
    assertThat(GoCookies.find(List.of(line), "c")).isEmpty();
  }

  @Test
  void find_badValueBeforeGoodOne_takesTheGoodOne() {
    assertThat(GoCookies.find(List.of("c=v\\", "c=w"), "c")).contains("w");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "https://a.test/ | https://a.test/",
        "HTTPS://a.test | https://a.test",
        "https://a.test/a b | https://a.test/a%20b",
        "https://a.test/%70 | https://a.test/%70",
        "https://a.test/a?b=%zz | https://a.test/a?b=%zz",
        "https://a.test@evil.test/x | https://a.test@evil.test/x",
        "https://a.test:99999/x | https://a.test:99999/x",
        "https://a.testhttps://evil.test/x | https://a.testhttps://evil.test/x",
        "https://a.test/x? | https://a.test/x?",
        "https://a.test/x#f | https://a.test/x#f",
        "https:/// | https:///",
        "//host/x | //host/x",
        "/x | /x",
        "mailto:a | mailto:a"
      })
  void parse_whatGoAccepts_isWrittenAsGoWritesIt(String text, String expected) {
    assertThat(GoUrl.parse(text).map(GoUrl::toString)).contains(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "://a.test/",
        "1http://a.test/",
        "https,http://a.test/",
        "https://a.test/%zz",
        "https://a test/",
        "https://a.test:abc/x",
        "https://a.test/\u0001",
        "https://[::1/x",
        "https://a.test/#%z"
      })
  void parse_whatGoRefuses_isNothing(String text) {
    assertThat(GoUrl.parse(text)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "F=true, true",
    "a=1&F=true, true",
    "%46=tru%65, true",
    "F=false&F=true, false",
    "f=true, ''",
    "a=1;F=true, ''",
    "a=%zz&F=true, true",
    "F=%zz&F=x+y, 'x y'",
    "F, ''"
  })
  void get_query_takesTheFirstReadablePair(String query, String expected) {
    assertThat(GoQuery.get(query, "F")).isEqualTo(expected);
  }

  @Property
  void escape_anyBytes_areReadBack(@ForAll @CharRange(from = 0, to = 255) String bytes) {
    assertThat(GoQuery.unescape(GoQuery.escape(bytes))).contains(bytes);
    assertThat(GoQuery.get("x=" + GoQuery.escape(bytes), "x")).isEqualTo(bytes);
  }

  @Property
  void parse_anyText_neverThrowsAndIsStable(@ForAll @CharRange(from = 0, to = 255) String text) {
    GoUrl.parse(text)
        .map(GoUrl::toString)
        .ifPresent(once -> assertThat(GoUrl.parse(once).map(GoUrl::path)).isPresent());
  }

  @ParameterizedTest
  @CsvSource({
    "x-authentik-uid, X-Authentik-Uid",
    "X_twin, X_twin",
    "not a name, not a name",
    "ETAG, Etag"
  })
  void canonical_name_isGoSpelling(String name, String expected) {
    assertThat(GoHeaders.canonical(name)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.test/../x, https://a.test/../x",
    "//host:1/a/../b/, /host:1/b/",
    "next, /o/next",
    "/a?b=/../c, /a?b=/../c"
  })
  void target_redirect_isCleanedOnlyWithoutScheme(String url, String expected) {
    assertThat(GoRedirect.target(url, "/o/start")).isEqualTo(expected);
  }
}
