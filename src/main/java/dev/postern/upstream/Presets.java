package dev.postern.upstream;

import dev.postern.config.UpstreamConfig.PresetName;
import dev.postern.verdict.Preset;
import dev.postern.verdict.Preset.EndSession;
import dev.postern.verdict.Preset.SessionChange;
import java.util.List;
import java.util.Set;

/// The built-in presets.
public final class Presets {
  private static final String OUTPOST = "/outpost.goauthentik.io/";

  /// authentik's proxy outpost, embedded and standalone (docs/design/authentik.md section 1).
  private static final Preset AUTHENTIK =
      new Preset(
          "authentik",
          Set.of(OUTPOST + "auth/traefik"),
          OUTPOST + "auth/",
          OUTPOST,
          OUTPOST + "static/",
          new SessionChange(
              Set.of(OUTPOST + "start", OUTPOST + "callback"),
              List.of("x-authentik-auth-callback")),
          new SessionChange(Set.of(OUTPOST + "sign_out"), List.of("x-authentik-logout")),
          "authentik_proxy_",
          false,
          false,
          new EndSession("/end-session/", "id_token_hint"),
          Set.of(200),
          "X-authentik-uid",
          "X-authentik-meta-app",
          "X-authentik-username",
          "X-authentik-jwt",
          "User-Agent",
          OUTPOST + "ping");

  private Presets() {}

  public static Preset of(PresetName name) {
    return switch (name) {
      case AUTHENTIK -> AUTHENTIK;
    };
  }
}
