package dev.postern.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.postern.demo.golang.GoCookies;
import dev.postern.net.CredentialCookies;
import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import java.util.List;
import java.util.Optional;

/// Any bytes as `Cookie` lines: cookies that count as unambiguous are those that Go, the outpost's
/// language, reads.
public final class FuzzCookies {
  private static final String PREFIX = "authentik_proxy_";

  private FuzzCookies() {}

  /// Called by the fuzzer.
  ///
  /// @param data lines, separated by line feeds
  public static void fuzzerTestOneInput(byte[] data) {
    List<String> lines = List.of(new String(data, ISO_8859_1).split("\n", -1));
    CredentialCookies cookies =
        CredentialCookies.of(
            HeaderLines.of(lines.stream().map(line -> new HeaderLine("Cookie", line)).toList()),
            PREFIX);
    if (cookies.isAmbiguous()) {
      return;
    }
    for (int i = 0; i < cookies.count(); i++) {
      String pair = cookies.line(i).substring(cookies.nameStart(i), cookies.valueEnd(i));
      String name = pair.substring(0, pair.indexOf('='));
      String value = pair.substring(pair.indexOf('=') + 1);
      if (!GoCookies.find(lines, name).equals(Optional.of(value))) {
        throw new IllegalStateException("read otherwise: " + pair);
      }
    }
    if (cookies.count() == 0 && GoCookies.find(lines, PREFIX + "0a1b2c3d").isPresent()) {
      throw new IllegalStateException("a session cookie was not seen");
    }
  }
}
