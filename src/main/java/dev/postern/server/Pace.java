package dev.postern.server;

import java.time.Duration;

/// How slowly a body may move.
///
/// @param grace how long it may stand still at the start
/// @param window how long its rate is averaged over afterwards
/// @param bytesPerWindow how many bytes it has to move in each window at least
/// @param bytesAhead how many bytes beyond that count for later windows. Bytes move in pieces: a
///   receiver that takes none for a while may be at work on the last one
record Pace(Duration grace, Duration window, long bytesPerWindow, long bytesAhead) {
  /// 1 KiB/s, averaged over 10 s, after 20 s: the slowest mobile network is faster, and one who
  /// holds a place on purpose has to send for it. The largest piece is 64 KiB.
  static final Pace STANDARD =
      new Pace(Duration.ofSeconds(20), Duration.ofSeconds(10), 10 * 1024, 64 * 1024);
}
