package dev.postern.metrics;

import dev.postern.verdict.CacheStatus;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.LongAdder;

/// Counts responses by router, even if router metrics are disabled.
final class RouterCounts {
  private final ConcurrentMap<String, Map<CacheStatus, LongAdder>> byRouter =
      new ConcurrentHashMap<>();

  void increment(String router, CacheStatus status) {
    Map<CacheStatus, LongAdder> counts = byRouter.get(router);
    if (counts == null) {
      counts = byRouter.computeIfAbsent(router, _ -> zeros());
    }
    LongAdder count = counts.get(status);
    if (count != null) {
      count.increment();
    }
  }

  private static Map<CacheStatus, LongAdder> zeros() {
    Map<CacheStatus, LongAdder> zeros = new EnumMap<>(CacheStatus.class);
    for (CacheStatus status : CacheStatus.values()) {
      zeros.put(status, new LongAdder());
    }
    return zeros;
  }

  Map<CacheStatus, Long> of(String router) {
    Map<CacheStatus, Long> of = new EnumMap<>(CacheStatus.class);
    byRouter.getOrDefault(router, zeros()).forEach((status, count) -> of.put(status, count.sum()));
    return of;
  }

  void retain(Set<String> routers) {
    byRouter.keySet().retainAll(routers);
  }
}
