package dev.postern.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// The strict parser against a simple one, written from docs/design/authentik.md section 2.1 alone.
class CredentialCookiesProperties {
  private static final String PREFIX = "ak_";
  private static final Pattern SOUND =
      Pattern.compile("ak_[!#$&'*+.^_`|~0-9A-Za-z-]*=[!#-+\\--:<-\\[\\]-~]*");

  @Provide
  Arbitrary<List<String>> lines() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "ak_",
            "ak_a",
            "AK_",
            "=",
            "=",
            "; ",
            ";",
            " ",
            "\t",
            ",",
            "\"",
            "\\",
            "a",
            "1",
            "b=2",
            "\u0080",
            "\u00ff",
            "\0",
            "\u007f",
            "%",
            "%61",
            "%4B",
            "%5f",
            "a%6B_",
            "%2561",
            "ak_a=1",
            "ak_b=2",
            "; ak_c=3");
    return pieces.list().ofMaxSize(8).map(p -> String.join("", p)).list().ofMaxSize(3);
  }

  private static HeaderLines headers(List<String> lines) {
    return HeaderLines.of(lines.stream().map(line -> new HeaderLine("Cookie", line)).toList());
  }

  private static List<String> pairs(CredentialCookies cookies) {
    List<String> pairs = new ArrayList<>();
    for (int i = 0; i < cookies.count(); i++) {
      pairs.add(cookies.line(i).substring(cookies.nameStart(i), cookies.valueEnd(i)));
    }
    return pairs;
  }

  /// Decodes once, as far as the escapes are valid.
  private static String decode(String text) {
    return Pattern.compile("%([0-9a-fA-F]{2})")
        .matcher(text)
        .replaceAll(found ->
            Matcher.quoteReplacement(Character.toString(Integer.parseInt(found.group(1), 16))));
  }

  private static boolean isAt(String text, int from) {
    return decode(text.substring(from)).toLowerCase(Locale.ROOT).startsWith(PREFIX);
  }

  @Property(tries = 20_000)
  void of_anyLines_agreesWithTheSimpleParser(@ForAll("lines") List<String> lines) {
    CredentialCookies cookies = CredentialCookies.of(headers(lines), PREFIX);

    List<String> found = new ArrayList<>();
    List<String> names = new ArrayList<>();
    boolean unusual = false;
    for (String line : lines) {
      for (String piece : line.split(";", -1)) {
        String pair = piece.replaceFirst("^[ \t]+", "");
        String lower = pair.toLowerCase(Locale.ROOT);
        if (lower.startsWith(PREFIX)) {
          found.add(pair);
          names.add(pair.split("=", -1)[0]);
          unusual |= !SOUND.matcher(pair).matches();
        }
        // From every position, even in the middle of an escape: some parser may start decoding
        // there.
        unusual |= IntStream.range(1, pair.length()).anyMatch(from -> isAt(pair, from));
        unusual |= isAt(pair, 0) && !lower.startsWith(PREFIX);
      }
    }
    unusual |= new HashSet<>(names).size() < names.size();

    assertThat(cookies.isAmbiguous()).isEqualTo(unusual);
    assertThat(pairs(cookies)).isEqualTo(found);
  }

  @Property
  void of_anyBytes_neverThrows(@ForAll("bytes") List<String> lines) {
    CredentialCookies cookies = CredentialCookies.of(headers(lines), PREFIX);
    for (int i = 0; i < cookies.count(); i++) {
      assertThat(cookies.nameStart(i)).isLessThanOrEqualTo(cookies.nameEnd(i));
      assertThat(cookies.nameEnd(i)).isLessThanOrEqualTo(cookies.valueEnd(i));
    }
  }

  @Provide
  Arbitrary<List<String>> bytes() {
    return Arbitraries.strings().withCharRange('\0', '\u00ff').ofMaxLength(30).list().ofMaxSize(3);
  }

  @Property(tries = 10)
  void of_moreCookiesThanABrowserHolds_isAmbiguous() {
    StringBuilder line = new StringBuilder("ak_0=1");
    for (int i = 1; i < 64; i++) {
      line.append("; ak_").append(i).append("=1");
    }
    assertThat(CredentialCookies.of(headers(List.of(line.toString())), PREFIX).isAmbiguous())
        .isFalse();
    assertThat(CredentialCookies.of(headers(List.of(line + "; ak_x=1")), PREFIX).isAmbiguous())
        .isTrue();
  }
}
