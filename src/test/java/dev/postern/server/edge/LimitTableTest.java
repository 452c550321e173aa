package dev.postern.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Every limit is documented and has tests.
class LimitTableTest {
  private record Proof(Class<?> test, String method) {}

  /// The tests that show what happens to a request beyond the limit and to ten others: on the same
  /// connection for a limit of a request, on other connections for one that ends its own.
  private static List<Proof> proofs(Limit limit) {
    return switch (limit) {
      case HEAD_SIZE, HEAD_LINES, MALFORMED ->
          List.of(new Proof(Http2LimitsTest.class, "request_beyondALimit_failsAlone"));
      case MEMORY ->
          List.of(
              new Proof(Http2LimitsTest.class, "bodies_beyondTheMemory_areRefusedAlone"),
              new Proof(Http2LimitsTest.class, "heads_beyondTheMemory_are503Alone"),
              new Proof(
                  Http2LimitsTest.class, "headInSeveralFrames_whenTheMemoryIsInUse_is503Alone"));
      case BODY_PROGRESS ->
          List.of(new Proof(Http2LimitsTest.class, "body_thatDoesNotArrive_is408Alone"));
      case CLIENT_MEMORY ->
          List.of(
              new Proof(
                  Http2LimitsTest.class, "heads_beyondTheShareOfTheirClient_are503AndOthersServed"),
              new Proof(
                  Http2LimitsTest.class, "bodies_beyondTheShareOfTheirClient_areRefusedAlone"));
      case HEAD_TIME ->
          List.of(
              new Proof(EdgeLimitsTest.class, "head_thatDoesNotArrive_is408"),
              new Proof(Http2LimitsTest.class, "headerBlock_thatDoesNotArrive_endsTheConnection"));
      case WRITE_PROGRESS ->
          List.of(
              new Proof(Http2LimitsTest.class, "response_withoutAWindow_isResetAlone"),
              new Proof(Http2FloodTest.class, "peer_thatReadsNothing_losesItsConnection"));
      case HANDSHAKE_TIME ->
          List.of(new Proof(EdgeLimitsTest.class, "handshake_thatDoesNotEnd_isClosed"));
      case SETTINGS_TIME ->
          List.of(
              new Proof(
                  Http2FloodTest.class, "peer_thatAcknowledgesNoSettings_losesItsConnection"));
      case IDLE_TIME ->
          List.of(
              new Proof(
                  EdgeLimitsTest.class, "connection_withoutRequest_isClosedLaterForATrustedPeer"),
              new Proof(Http2LimitsTest.class, "connection_withoutRequests_isClosedWithAGoaway"));
      case CONNECTIONS ->
          List.of(new Proof(EdgeLimitsTest.class, "connections_ofUntrustedPeers_areLimited"));
      case CONTROL_FRAMES ->
          List.of(
              new Proof(Http2LimitsTest.class, "controlFrames_withoutRequests_endTheConnection"),
              new Proof(Http2FloodTest.class, "flood_endsOnlyItsOwnConnection"));
      case RESETS ->
          List.of(new Proof(Http2LimitsTest.class, "resets_ofAnUntrustedPeer_endTheConnection"));
      case HEADER_BLOCK ->
          List.of(new Proof(Http2LimitsTest.class, "headerBlock_withoutEnd_endsTheConnection"));
      case PROTOCOL -> List.of(new Proof(Http2FloodTest.class, "flood_endsOnlyItsOwnConnection"));
    };
  }

  private static List<String> rows(String page) throws IOException {
    return Files.readAllLines(Path.of("docs", page)).stream()
        .filter(line -> line.startsWith("|"))
        .toList();
  }

  @ParameterizedTest
  @EnumSource
  void limit_isInTheTableOfLimitsWithItsStatus(Limit limit) throws IOException {
    List<String> rows =
        rows("security.md").stream()
            .filter(row -> row.endsWith("| `" + limit.label() + "` |"))
            .toList();
    assertThat(rows).hasSize(1);
    String beyond = rows.getFirst().split("\\|", -1)[3];
    if (limit.status() > 0) {
      assertThat(beyond).contains(Integer.toString(limit.status()));
    } else {
      assertThat(beyond).doesNotContainPattern(Pattern.compile("[45][0-9]{2}"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void limit_hasAMessageThatThePageExplains(Limit limit) throws IOException {
    List<String> rows =
        rows("messages.md").stream()
            .filter(row -> row.startsWith("| `" + limit.sentence() + "` |"))
            .toList();
    // Each kind of malformed request has its own message, and an idle connection gets none.
    boolean unsaid = limit == Limit.MALFORMED || limit == Limit.IDLE_TIME;
    assertThat(rows).hasSize(unsaid ? 0 : 1);
    if (limit.status() > 0 && !unsaid) {
      assertThat(rows.getFirst()).contains("| " + limit.status());
    }
  }

  @ParameterizedTest
  @EnumSource
  void limit_hasTests(Limit limit) {
    for (Proof proof : proofs(limit)) {
      Method method =
          Arrays.stream(proof.test().getDeclaredMethods())
              .filter(one -> one.getName().equals(proof.method()))
              .findFirst()
              .orElseThrow(() -> new AssertionError(proof + " is not there"));
      assertThat(method.getAnnotations())
          .as("%s", proof)
          .anyMatch(
              one -> Objects.requireNonNull(one.annotationType().getSimpleName()).endsWith("Test"));
    }
  }
}
