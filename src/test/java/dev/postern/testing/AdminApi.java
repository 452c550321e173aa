package dev.postern.testing;

import java.io.IOException;
import tools.jackson.databind.ObjectMapper;

/// A client of the admin entry point.
public record AdminApi(int port) {
  /// Sends a revocation.
  ///
  /// @param json the body, `{"all":true}` for example
  /// @return how many entries were removed
  /// @throws AssertionError when the status is not 200
  public int revoke(String json) throws IOException {
    RawMessage answer =
        RawHttp.once(
            port,
            "POST /api/revocations HTTP/1.1\r\nHost: localhost:%d\r\nContent-Type: application/json\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                .formatted(port, json.length(), json));
    if (answer.status() != 200) {
      throw new AssertionError("revocation of " + json + ": " + answer + " " + answer.body());
    }
    return new ObjectMapper().readTree(answer.body()).get("removed").asInt();
  }
}
