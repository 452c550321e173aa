package dev.postern.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.net.ForwardedRequest;
import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import dev.postern.upstream.wire.RequestHead;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// The upstream gets the header bytes as received (invariant 10): in order, spelling and number,
/// except connection headers.
class RelayRequestProperties {
  private static final Set<String> GONE =
      Set.of(
          "host",
          "expect",
          "connection",
          "keep-alive",
          "te",
          "trailer",
          "trailers",
          "transfer-encoding",
          "upgrade",
          "proxy-connection");

  @Provide
  Arbitrary<List<HeaderLine>> lines() {
    Arbitrary<String> names =
        Arbitraries.of(
            "Cookie",
            "cookie",
            "COOKIE",
            "Authorization",
            "X-Forwarded-For",
            "X-Forwarded-Uri",
            "x-a",
            "X-A",
            "Host",
            "Expect",
            "Connection",
            "Upgrade",
            "X-Original-Uri",
            "x-original-url",
            "Transfer-Encoding",
            "Te",
            "User-Agent");
    Arbitrary<String> values =
        Arbitraries.strings()
            .withCharRange(' ', '~')
            .withCharRange('\u0080', '\u00ff')
            .ofMaxLength(12)
            .map(String::strip);
    return Combinators.combine(names, values).as(HeaderLine::new).list().ofMaxSize(12);
  }

  private static boolean staysOn(HeaderLine line) {
    String name = line.name().toLowerCase(Locale.ROOT);
    return !GONE.contains(name) && !name.startsWith("x-original-");
  }

  @Property
  void check_keepsEveryByteOfEveryOtherLine(@ForAll("lines") List<HeaderLine> lines) {
    RequestHead head =
        RelayRequest.check(
            ForwardedRequest.read("GET", "/auth", "", HeaderLines.of(lines)),
            "/auth",
            "outpost:9000");

    List<HeaderLine> expected = lines.stream().filter(RelayRequestProperties::staysOn).toList();
    List<HeaderLine> sent =
        head.headers().lines().stream().filter(line -> !line.is("Host")).toList();
    assertThat(sent).isEqualTo(expected);
    assertThat(head.headers().single("Host")).isEqualTo("outpost:9000");
    assertThat(head.target()).isEqualTo("/auth");
  }
}
