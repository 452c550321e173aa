package dev.postern.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.config.UpstreamConfig.PresetName;
import dev.postern.upstream.Presets;
import dev.postern.verdict.Preset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// A raw target is split without losing a byte, and its purpose is unambiguous or unknown.
class TargetTest {
  private static final Preset PRESET = Presets.of(PresetName.AUTHENTIK);

  @ParameterizedTest
  @CsvSource({
    "/a, /a, ''",
    "/a?, /a, ?",
    "/a??b, /a, ??b",
    "/a?b=c?d, /a, ?b=c?d",
    "*, *, ''",
    "'', '', ''"
  })
  void of_rawTarget_keepsEveryByte(String raw, String path, String query) {
    Target target = Target.of(raw);
    assertThat(target).isEqualTo(new Target(path, query));
    assertThat(target.pathAndQuery()).isEqualTo(raw);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/a#b", "/a?b#c", "#", "/a#?b"})
  void hasFragment_anywhere_isSeen(String raw) {
    assertThat(Target.of(raw).hasFragment()).isTrue();
    assertThat(Target.of("/a%23b?c%23").hasFragment()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "",
        "http://x/outpost.goauthentik.io/start",
        "//outpost.goauthentik.io/start",
        "/outpost.goauthentik.io/static/../start",
        "/outpost.goauthentik.io/static/%2e%2e/start",
        "/outpost.goauthentik.io/%73tart",
        "/outpost.goauthentik.io/start;x",
        "/outpost.goauthentik.io/static\\..\\start",
        "/outpost.goauthentik.io/static/%zz"
      })
  void purpose_pathNotCanonical_isNone(String raw) {
    assertThat(Target.of(raw).purpose(PRESET)).isNull();
  }

  @Test
  void purpose_plainPath_isThePresets() {
    assertThat(Target.of("/outpost.goauthentik.io/auth/traefik?").purpose(PRESET))
        .isEqualTo(Preset.Purpose.FORWARD_AUTH);
    assertThat(Target.of("/outpost.goauthentik.io/static/%61.css").purpose(PRESET))
        .isEqualTo(Preset.Purpose.RELAY);
    assertThat(Target.of("/").purpose(PRESET)).isEqualTo(Preset.Purpose.UNKNOWN);
  }
}
