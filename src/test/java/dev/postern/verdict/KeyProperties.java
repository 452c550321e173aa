package dev.postern.verdict;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.net.ForwardedRequest;
import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import dev.postern.routing.Application;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.StringLength;
import org.jspecify.annotations.Nullable;

/// Keys are equal only if everything that the verdict may depend on is equal (invariant 1).
class KeyProperties {
  private final Tags tags = Tags.random();
  private final QuestionReader reader = new QuestionReader(World.PRESET, tags, true);

  /// The parts of a key.
  record Parts(
      String host, String path, String query, List<String> cookies, @Nullable String auth) {
    ForwardedRequest request() {
      List<HeaderLine> lines = new ArrayList<>();
      lines.add(new HeaderLine("X-Forwarded-Method", "GET"));
      lines.add(new HeaderLine("X-Forwarded-Proto", "https"));
      lines.add(new HeaderLine("X-Forwarded-Host", host));
      lines.add(new HeaderLine("X-Forwarded-Uri", "/"));
      lines.add(new HeaderLine("Cookie", String.join("; ", cookies)));
      if (auth != null) {
        lines.add(new HeaderLine("Authorization", auth));
      }
      return ForwardedRequest.read("GET", path, query, HeaderLines.of(lines));
    }
  }

  private static Arbitrary<String> letters(int min) {
    return Arbitraries.strings().withChars('a', 'b', '=').ofMinLength(min).ofMaxLength(3);
  }

  @Provide
  Arbitrary<Parts> parts() {
    Arbitrary<String> plain =
        Arbitraries.strings().withChars('a', 'b').ofMinLength(1).ofMaxLength(3);
    Arbitrary<String> cookie =
        Combinators.combine(plain.injectNull(0.1), letters(0))
            .as((name, value) -> "authentik_proxy_" + (name == null ? "" : name) + "=" + value);
    return Combinators.combine(
            plain,
            plain.map(p -> "/" + p),
            letters(0),
            cookie.list().ofMinSize(1).ofMaxSize(3),
            letters(0).injectNull(0.5))
        .as(Parts::new);
  }

  private @Nullable VerdictKey key(Parts parts) {
    ForwardedRequest request = parts.request();
    return reader.read(request, Application.ofHost(request.host(), 0), null).key();
  }

  @Property(tries = 5000)
  void key_isEqual_exactlyWhenAllPartsAre(@ForAll("parts") Parts one, @ForAll("parts") Parts two) {
    VerdictKey first = key(one);
    VerdictKey second = key(two);
    Assume.that(first != null && second != null);

    assertThat(Objects.equals(first, second)).isEqualTo(one.equals(two));
    assertThat(key(one)).isEqualTo(first);
  }

  /// The same text, split at every position between two neighbouring parts.
  @Property
  void key_boundaryMovedBetweenNeighbours_isAnotherKey(
      @ForAll @AlphaChars @StringLength(min = 1, max = 6) String text) {
    Set<@Nullable VerdictKey> keys = new HashSet<>();
    int cuts = text.length() + 1;
    for (int i = 0; i < cuts; i++) {
      String left = text.substring(0, i);
      String right = text.substring(i);
      String name = "authentik_proxy_";
      keys.add(key("app", "/p", "", List.of(name + left + "=" + right), null));
      keys.add(key("app", "/p", "", List.of(name + "=" + left), right));
      keys.add(key("app", "/p", "", List.of(name + "=" + left, name + "2=" + right), null));
      keys.add(key("app", "/p" + left, right, List.of(name + "z=z"), null));
      keys.add(key("app" + left, right + "/p", "", List.of(name + "z=z"), null));
    }
    assertThat(keys).doesNotContainNull().hasSize(5 * cuts);
  }

  private @Nullable VerdictKey key(
      String application, String path, String query, List<String> cookies, @Nullable String auth) {
    ForwardedRequest request = new Parts("h", path, query, cookies, auth).request();
    return reader.read(request, Application.ofHost(application, 0), null).key();
  }

  @Property
  void digest_listsOfParts_areEqualExactlyWhenTheListsAre(
      @ForAll("texts") List<String> one, @ForAll("texts") List<String> two) {
    assertThat(digest(one).equals(digest(two))).isEqualTo(one.equals(two));
    assertThat(digest(one)).isEqualTo(digest(one));
  }

  @Provide
  Arbitrary<List<String>> texts() {
    return Arbitraries.strings()
        .withChars('\0', '\1', 'a', '\u0080', '\u00ff')
        .ofMaxLength(3)
        .list()
        .ofMaxSize(3);
  }

  private VerdictKey digest(List<String> parts) {
    KeyedDigest digest = tags.digest().begin(Tags.KEY);
    parts.forEach(digest::part);
    return digest.key();
  }

  @Property
  void digest_bytesAboveAscii_areKeptApart(@ForAll("bytes") char one, @ForAll("bytes") char two) {
    assertThat(digest(List.of("x" + one)).equals(digest(List.of("x" + two)))).isEqualTo(one == two);
  }

  @Provide
  Arbitrary<Character> bytes() {
    return Arbitraries.chars().range('\0', '\u00ff');
  }
}
