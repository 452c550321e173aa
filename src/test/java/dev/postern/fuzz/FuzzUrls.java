package dev.postern.fuzz;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.postern.config.UpstreamConfig.PresetName;
import dev.postern.demo.golang.GoQuery;
import dev.postern.upstream.Presets;
import dev.postern.verdict.Preset;
import java.util.List;

/// Any bytes as a forwarded URI: everything that Go, the outpost's language, treats as a callback
/// or a logout is detected (invariant 3).
public final class FuzzUrls {
  private static final Preset PRESET = Presets.of(PresetName.AUTHENTIK);
  private static final List<String> FLAGS =
      List.of("X-authentik-auth-callback", "X-authentik-logout");

  private FuzzUrls() {}

  /// Called by the fuzzer.
  ///
  /// @param data a URI
  public static void fuzzerTestOneInput(byte[] data) {
    String uri = new String(data, ISO_8859_1);
    Preset.Purpose purpose = PRESET.purpose(uri);
    if (uri.startsWith("/outpost.goauthentik.io/sign_out")
        && uri.length() == "/outpost.goauthentik.io/sign_out".length()
        && purpose != Preset.Purpose.SESSION_CHANGE) {
      throw new IllegalStateException("a sign-out was not seen");
    }
    String query = uri.substring(uri.indexOf('?') + 1);
    for (String flag : FLAGS) {
      if (GoQuery.get(query, flag).equalsIgnoreCase("true") && !PRESET.isFlagged(uri)) {
        throw new IllegalStateException("a flag was not seen");
      }
    }
  }
}
