package dev.postern.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.net.ForwardedRequest;
import dev.postern.routing.Application;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Which requests the cache handles, and what makes their keys different (invariants 1, 2, 3, 8).
class QuestionReaderTest {
  private static final Ask ALICE = Ask.with("alice");

  private final QuestionReader reader = new QuestionReader(World.PRESET, Tags.random(), true);

  /// A named change of a request.
  record Change(String name, UnaryOperator<Ask> change) {
    @Override
    public String toString() {
      return name;
    }
  }

  private @Nullable VerdictKey key(Ask ask) {
    ForwardedRequest request = ask.request();
    return reader.read(request, Application.ofHost(request.host(), 0), null).key();
  }

  static List<Change> notForTheCache() {
    String cookie = Ask.COOKIE;
    return List.of(
        new Change("same name twice", ask -> ask.plus("Cookie", cookie + "=bob")),
        new Change("same pair twice", ask -> ask.plus("Cookie", cookie + "=alice")),
        new Change(
            "twice in a line",
            ask -> ask.plus("Cookie", "authentik_proxy_a=1; authentik_proxy_a=2")),
        new Change("other case", ask -> ask.plus("Cookie", "Authentik_proxy_a=1")),
        new Change("inside a value", ask -> ask.plus("Cookie", "a=authentik_proxy_b")),
        new Change("inside a name", ask -> ask.plus("Cookie", "xauthentik_proxy_b=1")),
        new Change("after a comma", ask -> ask.plus("Cookie", "a=b, authentik_proxy_b=1")),
        new Change("after a line feed", ask -> ask.plus("Cookie", "a=b;\u000bauthentik_proxy_b=1")),
        new Change("quoted", ask -> ask.plus("Cookie", "authentik_proxy_b=\"1\"")),
        new Change("backslash", ask -> ask.plus("Cookie", "authentik_proxy_b=1\\2")),
        new Change("space in value", ask -> ask.plus("Cookie", "authentik_proxy_b=1 2")),
        new Change("space before =", ask -> ask.plus("Cookie", "authentik_proxy_b =1")),
        new Change("no value", ask -> ask.plus("Cookie", "authentik_proxy_b")),
        new Change("byte above ASCII", ask -> ask.plus("Cookie", "authentik_proxy_b=\u00e9")),
        new Change("control character", ask -> ask.plus("Cookie", "authentik_proxy_b=\u0001")),
        new Change(
            "two Authorizations", ask -> ask.plus("Authorization", "a").plus("Authorization", "a")),
        new Change("two hosts", ask -> ask.plus("X-Forwarded-Host", "app.test")),
        new Change("list of hosts", ask -> ask.host("app.test, other.test")),
        new Change("bad escape", ask -> ask.uri("/%zz")),
        new Change("flag", ask -> ask.uri("/?X-authentik-logout=true")),
        new Change("encoded flag", ask -> ask.uri("/?X%2dauthentik-auth-callback=true")),
        new Change("flag in the sub-request", ask -> ask.subQuery("x-authentik-logout")));
  }

  @ParameterizedTest
  @MethodSource("notForTheCache")
  void read_ambiguousOrFlagged_hasNoKey(Change change) {
    assertThat(key(ALICE)).isNotNull();
    assertThat(key(change.change().apply(ALICE))).isNull();
  }

  static List<Change> anotherKey() {
    return List.of(
        new Change("value", ask -> Ask.with("alicf")),
        new Change("letter case of the value", ask -> Ask.with("Alice")),
        new Change("name", ask -> Ask.anonymous().plus("Cookie", Ask.COOKIE + "x=alice")),
        new Change("one cookie more", ask -> ask.plus("Cookie", "authentik_proxy_b=1")),
        new Change("Authorization", ask -> ask.plus("Authorization", "Basic eA==")),
        new Change("empty Authorization", ask -> ask.plus("Authorization", "")),
        new Change("host", ask -> ask.host("other.test")),
        new Change("host in other letters", ask -> ask.host("App.test")),
        new Change("host with port", ask -> ask.host("app.test:443")),
        new Change("query of the sub-request", ask -> ask.subQuery("a=b")));
  }

  @ParameterizedTest
  @MethodSource("anotherKey")
  void read_partThatTheVerdictDependsOn_makesAnotherKey(Change change) {
    VerdictKey other = key(change.change().apply(ALICE));
    assertThat(other).isNotNull().isNotEqualTo(key(ALICE));
  }

  static List<Change> sameKey() {
    return List.of(
        new Change("uri", ask -> ask.uri("/other?a=b")),
        new Change("method", ask -> ask.method("POST")),
        new Change("method of the sub-request", ask -> ask.subMethod("HEAD")),
        new Change("proto", ask -> ask.proto("wss")),
        new Change("other cookie", ask -> ask.plus("Cookie", "theme=\"dark, really\"; x")),
        new Change("User-Agent", ask -> ask.plus("User-Agent", "x")));
  }

  @ParameterizedTest
  @MethodSource("sameKey")
  void read_partThatTheVerdictDoesNotDependOn_leavesTheKey(Change change) {
    assertThat(key(change.change().apply(ALICE))).isNotNull().isEqualTo(key(ALICE));
  }

  @Test
  void read_orderOfCookies_isPartOfTheKey() {
    Ask one = Ask.anonymous().plus("Cookie", "authentik_proxy_a=1; authentik_proxy_b=2");
    Ask two = Ask.anonymous().plus("Cookie", "authentik_proxy_b=2; authentik_proxy_a=1");
    assertThat(key(one)).isNotNull().isNotEqualTo(key(two));
  }

  @Test
  void read_anonymous_dependsOnTheWholeUrlAndTheMethods() {
    Ask open = Ask.anonymous();
    List<Ask> different =
        List.of(
            open,
            open.method("POST"),
            open.subMethod("HEAD"),
            open.proto("http"),
            open.host("APP.test"),
            open.uri("/page?"),
            open.uri("/Page"),
            open.uri("/%70age"),
            open.subQuery("a"));
    assertThat(different.stream().map(this::key)).doesNotContainNull().doesNotHaveDuplicates();
  }

  @Test
  void keys_ofTwoProcesses_areUnrelated() {
    QuestionReader another = new QuestionReader(World.PRESET, Tags.random(), true);
    ForwardedRequest request = ALICE.request();
    assertThat(another.read(request, Application.ofHost("app.test", 0), null).key())
        .isNotEqualTo(key(ALICE));
  }

  @Test
  void toString_ofACredential_showsNothing() {
    assertThat(
            reader
                .read(ALICE.request(), Application.ofHost("app.test", 0), null)
                .credential()
                .toString())
        .doesNotContain("alice");
    assertThat(String.valueOf(key(ALICE))).isEqualTo("VerdictKey");
  }
}
