package dev.postern.server.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The length that a response without a body declares.
class ResponseHeadTest {
  private static final HeaderLines LINES =
      HeaderLines.of(List.of(new HeaderLine("Content-Length", "5"), new HeaderLine("ETag", "a")));

  @ParameterizedTest
  @CsvSource({
    "204, false, 0, 0",
    "204, true,  0, 0",
    "304, false, 1, 0",
    "304, true,  1, 0",
    "200, true,  1, 1",
  })
  void length_ofAResponseWithoutBody_isRelayedWhereAllowed(
      int status, boolean toHead, int overHttp1, int overHttp2) {
    for (ResponseHead head :
        List.of(
            ResponseHead.streamed(status, LINES, toHead, EdgeStage.DATE),
            ResponseHead.whole(status, LINES, 0, toHead, EdgeStage.DATE))) {
      assertThat(head.bodiless()).isTrue();
      assertThat(head.lines().count("Content-Length")).isEqualTo(overHttp1);
      assertThat(head.overHttp2().lines().count("Content-Length")).isEqualTo(overHttp2);
      assertThat(head.overHttp2().lines().first("ETag")).isEqualTo("a");
    }
  }
}
