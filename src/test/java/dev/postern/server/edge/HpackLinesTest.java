package dev.postern.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// The cache of names, with an upstream that never sends the same name twice.
class HpackLinesTest {
  @Test
  void names_thatNeverRepeat_takeLittleMemory() {
    HeadBytes out = new HeadBytes();
    HpackLines lines = new HpackLines(out);
    lines.line("X-Real-Name", "1");
    assertThat(lines.keptLength()).isEqualTo("X-Real-Name".length());
    for (int i = 0; i < 2_000; i++) {
      out.clear();
      lines.line("X-" + i + "-" + "n".repeat(i % 2 == 0 ? 10_000 : 40), "1");
    }
    assertThat(lines.keptLength()).isLessThanOrEqualTo(64 * 1024);
  }

  @Test
  void name_notCached_isWrittenTheSame() {
    HeadBytes out = new HeadBytes();
    HpackLines lines = new HpackLines(out);
    String name = "x-" + "n".repeat(98);
    for (int i = 0; i < 2; i++) {
      out.clear();
      lines.line(name, "1");
      assertThat(out.copy()).isEqualTo(H2Client.block(name, "1"));
    }
  }
}
