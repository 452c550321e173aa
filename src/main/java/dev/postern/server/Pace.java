package dev.postern.server;

import java.time.Duration;

/// The minimum rate of a body.
///
/// @param grace how long it may be idle at the start
/// @param window after that, the time over which the rate is averaged
/// @param bytesPerWindow minimum bytes per window
/// @param bytesAhead how many bytes above the minimum are credited to later windows. Bytes move in
///   pieces: a receiver that accepts none for a while may still be processing the last one
record Pace(Duration grace, Duration window, long bytesPerWindow, long bytesAhead) {
  /// 1 KiB/s, averaged over 10 s, after 20 s: slower than any mobile network, and a client that
  /// wants to occupy a slot must keep sending for it. The largest piece is 64 KiB.
  static final Pace STANDARD =
      new Pace(Duration.ofSeconds(20), Duration.ofSeconds(10), 10 * 1024, 64 * 1024);
}
