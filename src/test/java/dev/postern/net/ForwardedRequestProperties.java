package dev.postern.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.net.ForwardedRequest.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Forwarded requests against a simple reference parser: whatever is ambiguous is never sound, and
/// every byte is kept.
class ForwardedRequestProperties {
  private static final Pattern METHOD = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
  private static final Pattern PROTO = Pattern.compile("https?|wss?");
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:\\[\\]-]+");
  private static final Pattern URI = Pattern.compile("/(?:[!\"$&-~\\x80-\\xff]|%[0-9A-Fa-f]{2})*");

  @Provide
  Arbitrary<List<HeaderLine>> lines() {
    Arbitrary<String> values =
        Arbitraries.oneOf(
            Arbitraries.of(
                "GET",
                "POST",
                "https",
                "http",
                "wss",
                "HTTPS",
                "app.test",
                "app.test:8443",
                "[::1]:80",
                "/",
                "/a?b=c",
                "/%41",
                "/%4",
                "/%zz",
                "/a#b",
                "//x",
                "*",
                "",
                " ",
                "a, b",
                "https,http",
                "/\u00e9",
                "/a b",
                "/\t",
                "u@h",
                "http://x/"),
            Arbitraries.strings().withCharRange('\0', '\u00ff').ofMaxLength(6),
            Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(6).map(s -> "/" + s));
    Arbitrary<String> names =
        Arbitraries.of(
            "X-Forwarded-Method",
            "X-Forwarded-Proto",
            "X-Forwarded-Host",
            "X-Forwarded-Uri",
            "X-Forwarded-For",
            "x-forwarded-host",
            "X_Forwarded_Host",
            "Cookie");
    Arbitrary<List<HeaderLine>> odd =
        Combinators.combine(names, values).as(HeaderLine::new).list().ofMaxSize(3);
    return Combinators.combine(Arbitraries.integers().between(0, 15), odd)
        .as((usual, more) -> {
          List<HeaderLine> lines = new ArrayList<>();
          add(lines, usual, 1, "X-Forwarded-Method", "GET");
          add(lines, usual, 2, "X-Forwarded-Proto", "https");
          add(lines, usual, 4, "X-Forwarded-Host", "app.test");
          add(lines, usual, 8, "X-Forwarded-Uri", "/a");
          lines.addAll(more);
          return lines;
        });
  }

  private static void add(List<HeaderLine> lines, int bits, int bit, String name, String value) {
    if ((bits & bit) != 0) {
      lines.add(new HeaderLine(name, value));
    }
  }

  private static List<String> values(List<HeaderLine> lines, String name) {
    return lines.stream()
        .filter(line -> line.name().toLowerCase(Locale.ROOT).equals(name))
        .map(HeaderLine::value)
        .toList();
  }

  private static boolean isOne(List<String> values, Pattern pattern) {
    return values.size() == 1 && pattern.matcher(values.getFirst()).matches();
  }

  private static boolean isComplete(List<HeaderLine> lines) {
    return Stream.of("method", "proto", "host", "uri")
        .map(name -> values(lines, "x-forwarded-" + name))
        .allMatch(values -> values.size() == 1 && !values.getFirst().isEmpty());
  }

  @Property
  void form_isSoundOnlyForOneReading(@ForAll("lines") List<HeaderLine> lines) {
    ForwardedRequest request = ForwardedRequest.read("GET", "/auth", "", HeaderLines.of(lines));
    List<String> methods = values(lines, "x-forwarded-method");
    List<String> uris = values(lines, "x-forwarded-uri");
    boolean sound =
        isOne(methods, METHOD)
            && isOne(uris, URI)
            && isOne(values(lines, "x-forwarded-proto"), PROTO)
            && isOne(values(lines, "x-forwarded-host"), HOST)
            && values(lines, "x-forwarded-for").size() <= 1;
    Form expected =
        methods.isEmpty() && uris.isEmpty()
            ? Form.NOT_FORWARDED
            : !isComplete(lines) ? Form.INCOMPLETE : sound ? Form.SOUND : Form.AMBIGUOUS;
    assertThat(request.form()).isEqualTo(expected);
  }

  @Property
  void values_areTheFirstOfTheirNameByteForByte(@ForAll("lines") List<HeaderLine> lines) {
    ForwardedRequest request = ForwardedRequest.read("GET", "/auth", "", HeaderLines.of(lines));
    assertThat(request.host()).isEqualTo(first(lines, "x-forwarded-host"));
    assertThat(request.uri()).isEqualTo(first(lines, "x-forwarded-uri"));
    assertThat(request.proto()).isEqualTo(first(lines, "x-forwarded-proto"));
    assertThat(request.method()).isEqualTo(first(lines, "x-forwarded-method"));
    assertThat(HeaderLines.copyOf(request.frozen().headers()).lines()).isEqualTo(lines);
  }

  private static String first(List<HeaderLine> lines, String name) {
    List<String> values = values(lines, name);
    return values.isEmpty() ? "" : values.getFirst();
  }
}
