package dev.postern.metrics;

import dev.postern.verdict.FeedListener;
import dev.postern.verdict.RevocationSource;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/// The meters of one feed.
final class FeedMeters implements FeedListener {
  private final AtomicInteger connected = new AtomicInteger();
  private final AtomicLong lastEventMillis = new AtomicLong();
  private final CounterMap<Event> events;
  private final Counter reconnects;

  FeedMeters(MeterRegistry registry, RevocationSource feed) {
    String name = feed.text();
    Gauge.builder("postern.feed.connected", connected, AtomicInteger::get)
        .description("Whether the feed reports sessions that end.")
        .tag("feed", name)
        .strongReference(true)
        .register(registry);
    Gauge.builder(
            "postern.feed.last.event.timestamp.seconds",
            lastEventMillis,
            millis -> millis.get() / 1e3)
        .description("Time of the feed's last message, Unix time; 0 before the first.")
        .tag("feed", name)
        .strongReference(true)
        .register(registry);
    reconnects =
        Counter.builder("postern.feed.reconnects")
            .description("Attempts to reconnect the feed.")
            .tag("feed", name)
            .register(registry);
    events =
        CounterMap.Family.of(
                "postern.feed.events", "Messages of the feed, by kind.", "kind", Event.class)
            .in(registry, "feed", name);
  }

  @Override
  public void event(Event event, long millis) {
    events.increment(event);
    lastEventMillis.set(millis);
  }

  @Override
  public void connected(boolean now) {
    connected.set(now ? 1 : 0);
  }

  @Override
  public void reconnecting() {
    reconnects.increment();
  }
}
