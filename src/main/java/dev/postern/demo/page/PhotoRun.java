package dev.postern.demo.page;

import java.util.LinkedHashMap;
import java.util.Map;

/// One loading of the page with its images.
final class PhotoRun {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final long checksBefore;
  private final long began;
  private long requests;
  private long checks;
  private long ended;

  PhotoRun(long checksBefore, long began) {
    this.checksBefore = checksBefore;
    this.began = began;
    this.ended = began;
  }

  void served(long checksNow, long nanoTime) {
    requests++;
    checks = Math.max(checks, checksNow - checksBefore);
    ended = nanoTime;
  }

  Map<String, Long> counters() {
    Map<String, Long> counters = new LinkedHashMap<>();
    counters.put("requests", requests);
    counters.put("checks", checks);
    counters.put("saved", Math.max(0, requests - checks));
    counters.put("millis", (ended - began) / NANOS_PER_MILLI);
    return counters;
  }
}
