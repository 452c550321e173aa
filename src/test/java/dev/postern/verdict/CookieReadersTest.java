package dev.postern.verdict;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Which session cookies parsers in several languages find in `Cookie` headers, compared with the
/// cookies in the key (invariant 14). The test data says how each column was determined.
class CookieReadersTest {
  private static final List<String> READERS = List.of("go", "rust", "python");

  /// One header of the table.
  record Row(String name, Ask ask, JsonNode node) {
    boolean isForTheCache() {
      return node.get("forTheCache").asBoolean();
    }

    /// The session cookies that a parser finds, as pairs.
    List<String> found(String reader) {
      List<String> pairs = new ArrayList<>();
      node.get(reader)
          .forEach(pair -> pairs.add(pair.get(0).asString() + "=" + pair.get(1).asString()));
      return pairs;
    }

    /// The session cookies that are in the header literally.
    List<String> plain() {
      List<String> pairs = new ArrayList<>();
      for (JsonNode line : node.get("lines")) {
        for (String pair : line.asString().split(";", -1)) {
          if (pair.strip().startsWith("authentik_proxy_")) {
            pairs.add(pair.strip());
          }
        }
      }
      return pairs;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  private static List<Row> rows() throws IOException {
    List<Row> rows = new ArrayList<>();
    try (InputStream table =
        Objects.requireNonNull(
            CookieReadersTest.class.getResourceAsStream("/vectors/cookie-readers.json"))) {
      for (JsonNode node : new JsonMapper().readTree(table).get("rows")) {
        Ask ask = Ask.anonymous();
        for (JsonNode line : node.get("lines")) {
          ask = ask.plus("Cookie", line.asString());
        }
        rows.add(new Row(node.get("name").asString(), ask, node));
      }
    }
    return rows;
  }

  @ParameterizedTest
  @MethodSource("rows")
  void header_anyParser_findsNoSessionOutsideTheKey(Row row) {
    boolean isForTheCache = new World().question(row.ask()).key() != null;
    assertThat(isForTheCache).isEqualTo(row.isForTheCache());
    if (isForTheCache) {
      List<String> known = new ArrayList<>(row.plain());
      row.plain().forEach(pair -> known.add(decoded(pair)));
      for (String reader : READERS) {
        assertThat(known).as(reader).containsAll(row.found(reader));
      }
    }
  }

  private static String decoded(String pair) {
    return new String(
        URLDecoder.decode(pair.replace("+", "%2B"), ISO_8859_1).getBytes(ISO_8859_1), UTF_8);
  }

  /// Other cookies change nothing: the session is found under the key that it has alone.
  @ParameterizedTest
  @MethodSource("rows")
  void header_forTheCache_isAHitForItsSession(Row row) {
    if (!row.isForTheCache()) {
      return;
    }
    World world = new World();
    world.call(row.ask(), world.allow("alice"));
    assertThat(world.isHit(row.ask())).isTrue();
    assertThat(world.isHit(Ask.anonymous().plus("Cookie", String.join("; ", row.plain()))))
        .isTrue();
  }

  @Test
  void table_isAboutEveryKind() throws IOException {
    List<Row> rows = rows();
    assertThat(rows).filteredOn(Row::isForTheCache).hasSizeGreaterThan(20);
    assertThat(rows)
        .as("only Rust reads these as a session")
        .filteredOn(row -> !row.found("go").equals(row.found("rust")))
        .hasSizeGreaterThan(8);
  }

  /// A session cookie of the client beside junk of another user leaves no entry for the junk alone.
  @Test
  void ownSessionUnderAnEncodedName_leavesNothingForAnotherClientWithTheSamePlainCookie() {
    World world = new World();
    Ask junk = Ask.with("junk");
    world.call(junk.plus("Cookie", "authentik%5Fproxy_51a54282=mallory"), world.allow("mallory"));
    assertThat(world.isHit(junk)).isFalse();
    assertThat(world.call(junk, Verdicts.challenge("s")).relayed())
        .isInstanceOf(Verdict.Challenge.class);
  }

  /// The cookies of a browser that has visited sites with analytics and consent banners.
  @Test
  void browserWithManyOtherCookies_getsHits() {
    World world = new World();
    Ask first =
        Ask.anonymous()
            .plus(
                "Cookie",
                "_ga=GA1.2.1234.1234; _gid=GA1.2.99; euconsent-v2=CP%2FabcAA.YAAA;"
                    + " OptanonConsent=isGpcEnabled=0&datestamp=Mon+Nov+30&groups=C0001%3A1%2CC0002%3A0;"
                    + " cookieyes-consent=consentid:abc,consent:yes; utm=%7B%22a%22%3A%22b%22%7D;"
                    + " {\"json\":true}; name=J\u00c3\u00b6rg; "
                    + Ask.COOKIE
                    + "=alice; intercom-session=\"x, y\"; flag");
    world.call(first, world.allow("alice"));
    assertThat(world.isHit(first)).isTrue();
    assertThat(world.isHit(Ask.with("alice"))).isTrue();
  }
}
