package dev.postern.metrics;

import dev.postern.routing.definition.Provider;
import dev.postern.routing.definition.ProviderState;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// The state of the sources of routers and applications. A source has series from its first attempt
/// on.
final class ProviderMeters {
  private final MeterRegistry registry;
  private final Map<Provider, AtomicReference<ProviderState>> states =
      new EnumMap<>(Provider.class);

  ProviderMeters(MeterRegistry registry) {
    this.registry = registry;
  }

  synchronized void attempted(ProviderState state) {
    AtomicReference<ProviderState> known = states.get(state.provider());
    if (known == null) {
      AtomicReference<ProviderState> first = new AtomicReference<>(state);
      states.put(state.provider(), first);
      register(state.provider().text(), first);
    } else {
      known.set(state);
    }
  }

  private void register(String provider, AtomicReference<ProviderState> state) {
    reloads(provider, "success", state, now -> now.attempts() - now.failures());
    reloads(provider, "failure", state, ProviderState::failures);
    Gauge.builder("postern.provider.failing", state, now -> now.get().failing() ? 1 : 0)
        .description("Whether the source's last load failed, so that an older one is still in use.")
        .tag("provider", provider)
        .register(registry);
    Gauge.builder(
            "postern.provider.last.reload.success.timestamp.seconds",
            state,
            now -> seconds(now.get().loadedAt()))
        .description("Time of the source's last successful load, Unix time; 0 before the first.")
        .tag("provider", provider)
        .register(registry);
  }

  private interface Count {
    long of(ProviderState state);
  }

  private void reloads(
      String provider, String result, AtomicReference<ProviderState> state, Count count) {
    FunctionCounter.builder("postern.provider.reloads", state, now -> count.of(now.get()))
        .description("Loads of the source of routers and applications, by result.")
        .tag("provider", provider)
        .tag("result", result)
        .register(registry);
  }

  private static double seconds(@Nullable Instant instant) {
    return instant == null ? 0 : instant.toEpochMilli() / 1e3;
  }
}
