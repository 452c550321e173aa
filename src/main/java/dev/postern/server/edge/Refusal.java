package dev.postern.server.edge;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import dev.postern.verdict.UpstreamResponse;
import java.util.ArrayList;
import java.util.List;

/// Why a request is refused.
///
/// @param limit the limit that it exceeded
/// @param status HTTP status
/// @param sentence the message for users
record Refusal(Limit limit, int status, String sentence) {
  static Refusal of(Limit limit) {
    return new Refusal(limit, limit.status(), limit.sentence());
  }

  static Refusal malformed(String sentence) {
    return new Refusal(Limit.MALFORMED, 400, sentence);
  }

  /// The error response.
  UpstreamResponse response() {
    return response(status, sentence);
  }

  static UpstreamResponse response(int status, String sentence) {
    List<HeaderLine> lines = new ArrayList<>(4);
    lines.add(new HeaderLine("Content-Type", "text/plain; charset=utf-8"));
    lines.add(new HeaderLine("X-Content-Type-Options", "nosniff"));
    lines.add(new HeaderLine("Cache-Control", "no-store"));
    if (status == 503) {
      lines.add(new HeaderLine("Retry-After", "1"));
    }
    return new UpstreamResponse(status, HeaderLines.of(lines), (sentence + "\n").getBytes(UTF_8));
  }
}
