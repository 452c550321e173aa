package dev.postern.server;

import java.time.Duration;

/// How slowly a body may move.
///
/// @param grace how long it may stand still at the start
/// @param window how long its rate is averaged over afterwards
/// @param bytesPerWindow how many bytes it has to move in each window at least
record Pace(Duration grace, Duration window, long bytesPerWindow) {
  /// 1 KiB/s, averaged over 10 s, after 20 s: the slowest mobile network is faster, and one who
  /// holds a place on purpose has to send for it.
  static final Pace STANDARD = new Pace(Duration.ofSeconds(20), Duration.ofSeconds(10), 10 * 1024);
}
