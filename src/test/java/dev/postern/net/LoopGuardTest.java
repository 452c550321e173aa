package dev.postern.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Which requests a process recognises as its own.
class LoopGuardTest {
  private final LoopGuard guard = LoopGuard.of(new SecureRandom());

  @Test
  void isLoop_requestWithItsOwnLine_is() {
    assertThat(guard.isLoop(HeaderLines.of(List.of(guard.line())))).isTrue();
    assertThat(guard.isLoop(lines("x-postern-via", guard.value()))).isTrue();
  }

  @Test
  void isLoop_throughAnotherPostern_is() {
    LoopGuard other = LoopGuard.of(new SecureRandom());
    assertThat(guard.isLoop(HeaderLines.of(List.of(guard.line(), other.line())))).isTrue();
    assertThat(guard.isLoop(HeaderLines.of(List.of(other.line(), guard.line())))).isTrue();
    assertThat(guard.isLoop(lines(LoopGuard.NAME, other.value() + ", " + guard.value()))).isTrue();
  }

  @Test
  void isLoop_otherRequest_isNot() {
    assertThat(guard.isLoop(HeaderLines.of(List.of()))).isFalse();
    assertThat(guard.isLoop(lines(LoopGuard.NAME, ""))).isFalse();
    assertThat(guard.isLoop(lines("X-Other", guard.value()))).isFalse();
    assertThat(guard.isLoop(HeaderLines.of(List.of(LoopGuard.of(new SecureRandom()).line()))))
        .isFalse();
  }

  @Test
  void value_ofEachProcess_isAnotherOf128Bits() {
    assertThat(guard.value()).matches("[0-9a-f]{32}");
    assertThat(Stream.generate(() -> LoopGuard.of(new SecureRandom()).value()).limit(100))
        .doesNotHaveDuplicates();
  }

  private static HeaderLines lines(String name, String value) {
    return HeaderLines.of(List.of(new HeaderLine(name, value)));
  }
}
