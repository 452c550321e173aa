package dev.postern.rules.match;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.rules.regexp.GoRegexp;
import dev.postern.rules.regexp.GoRegexpException;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LiteralEndTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "^[a-z0-9-]+\\.domain\\.tld$ ; .domain.tld",
        "a$                          ; a",
        "^x?abc$                     ; abc",
        "^a{2}b\\-c$                 ; b-c",
        "[ab]c$                      ; c",
        "domain\\.tld                ; ''",
        "a|b$                        ; ''",
        "(?i)a$                      ; ''",
        "\\x61b$                     ; ''",
        "\\Qab$                      ; ''",
        "a.$                         ; ''",
        "a*$                         ; ''",
        "a\\$                        ; ''",
        "$                           ; ''",
      })
  void of_pattern_isWhatItsMatchesEndWith(String pattern, String end) {
    assertThat(LiteralEnd.of(pattern)).isEqualTo(end);
  }

  @Property(tries = 20_000)
  void of_anyPattern_isTheEndOfWhateverMatches(
      @ForAll("patterns") String pattern, @ForAll("hosts") String host) {
    GoRegexp regexp;
    try {
      regexp = GoRegexp.compile(pattern);
    } catch (GoRegexpException _) {
      return;
    }
    String end = LiteralEnd.of(pattern);
    boolean finds = regexp.find(host);
    assertThat(!finds || host.endsWith(end)).as(pattern + " finds " + host).isTrue();
    Statistics.label("matches with an end").collect(finds && !end.isEmpty());
  }

  @Provide
  Arbitrary<String> patterns() {
    return Arbitraries.of(
            "a", "b", "ab", ".", "\\.", "\\-", "-", "$", "^", "*", "+", "?", "{2}", "{0}", "[ab]",
            "[^a]", "[", "]", "(", ")", "|", "(?i)", "(?m)", "(?:", "\\x61", "\\Q", "\\E", "\\",
            "\\b", "\\d", "x")
        .list()
        .ofMaxSize(6)
        .map(parts -> String.join("", parts) + "$");
  }

  @Provide
  Arbitrary<String> hosts() {
    return Arbitraries.of("a", "b", "ab", ".", "-", "x", "A", "\n", "$")
        .list()
        .ofMaxSize(5)
        .map(parts -> String.join("", parts));
  }
}
