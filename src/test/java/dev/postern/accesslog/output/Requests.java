package dev.postern.accesslog.output;

import dev.postern.accesslog.CompletedRequest;
import dev.postern.accesslog.Outcome;
import dev.postern.net.ForwardedRequest;
import dev.postern.net.HeaderLines;
import dev.postern.verdict.CacheStatus;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;

/// Fictitious completed requests.
final class Requests {
  private static final HeaderLines NONE = HeaderLines.of(List.of());

  private Requests() {}

  static CompletedRequest numbered(long number) {
    return new CompletedRequest(
        number,
        new CompletedRequest.Timing(Instant.EPOCH, 0, 1_000_000),
        new CompletedRequest.Connection(
            "auth",
            "HTTP/1.1",
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711),
            null),
        new ForwardedRequest(
            "GET", "/", "", NONE, "GET", "https", "a.test", "/", ForwardedRequest.Form.SOUND),
        "192.0.2.7",
        0,
        new CompletedRequest.Sent(200, 0, NONE),
        null,
        new CompletedRequest.Finding(Outcome.ALLOW, CacheStatus.HIT, "a.test", null, "alice"));
  }
}
