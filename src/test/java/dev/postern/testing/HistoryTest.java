package dev.postern.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.testing.History.Allowed;
import dev.postern.testing.History.Checked;
import dev.postern.testing.History.Event;
import dev.postern.testing.History.Revoked;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Tests that the checker of histories finds wrong histories.
class HistoryTest {
  /// A history and whether it is correct.
  record Case(String name, boolean good, List<Event> events) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static Checked check(long began, long ended) {
    return check(began, ended, "sub");
  }

  private static Checked check(long began, long ended, String sub) {
    return new Checked(
        ended,
        began,
        Duration.ofSeconds(began),
        "c",
        "h",
        "sid",
        sub,
        Duration.ofSeconds(60),
        Duration.ofSeconds(90));
  }

  private static Allowed allow(long asked, long answered, String credential, String host) {
    return allow(asked, answered, credential, host, "hit");
  }

  private static Allowed allow(
      long asked, long answered, String credential, String host, String how) {
    return new Allowed(answered, asked, Duration.ofSeconds(answered), credential, host, "sub", how);
  }

  private static Revoked revoked(long effective, long told, String kind, String value) {
    return new Revoked(told, effective, kind, value);
  }

  static List<Case> cases() {
    return List.of(
        new Case("from a check", true, List.of(check(1, 2), allow(3, 4, "c", "h"))),
        new Case("no check at all", false, List.of(allow(3, 4, "c", "h"))),
        new Case("another's check", false, List.of(check(1, 2), allow(3, 4, "other", "h"))),
        new Case("another host's check", false, List.of(check(1, 2), allow(3, 4, "c", "other"))),
        new Case("another subject", false, List.of(check(1, 2, "bob"), allow(3, 4, "c", "h"))),
        new Case("before the check ended", false, List.of(check(1, 9), allow(3, 4, "c", "h"))),
        new Case("at its end", true, List.of(check(1, 2), allow(3, 61, "c", "h"))),
        new Case("too old", false, List.of(check(1, 2), allow(3, 62, "c", "h"))),
        new Case("in the grace", true, List.of(check(1, 2), allow(3, 91, "c", "h", "stale"))),
        new Case("past the grace", false, List.of(check(1, 2), allow(3, 92, "c", "h", "stale"))),
        new Case(
            "joined past the deadline",
            false,
            List.of(check(1, 2), allow(3, 27, "c", "h", "joined"))),
        new Case(
            "from before a revocation",
            false,
            List.of(check(1, 2), revoked(3, 4, "sid", "sid"), allow(5, 6, "c", "h"))),
        new Case(
            "from a check begun before a revocation and ended after it",
            false,
            List.of(check(1, 5), revoked(3, 4, "credential", "c"), allow(6, 7, "c", "h"))),
        new Case(
            "requested before the revocation was complete",
            true,
            List.of(check(1, 2), revoked(3, 5, "all", ""), allow(4, 6, "c", "h"))),
        new Case(
            "from a check after the revocation",
            true,
            List.of(check(1, 2), revoked(3, 4, "sub", "sub"), check(5, 6), allow(7, 8, "c", "h"))),
        new Case(
            "after another user's revocation",
            true,
            List.of(check(1, 2), revoked(3, 4, "sub", "bob"), allow(5, 6, "c", "h"))));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void history_isJudgedByItsWorstAllow(Case one) {
    History history = new History();
    one.events().forEach(history::add);
    assertThat(history.firstWrong().isEmpty()).isEqualTo(one.good());
  }

  @Test
  void wrongAllow_isPrintedWithWhatConcernsIt() {
    History history = new History();
    history.add(check(1, 2));
    history.add(revoked(3, 4, "sid", "sid"));
    history.add(allow(5, 6, "c", "h"));
    assertThat(history.firstWrong().orElseThrow())
        .contains("nothing justifies", "asked=5", "kind=sid", "began=1");
  }
}
