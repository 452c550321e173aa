package dev.postern.feeds;

import dev.postern.config.CacheConfig;
import dev.postern.config.DataSize;
import dev.postern.config.UpstreamConfig.PresetName;
import dev.postern.upstream.JwtReader;
import dev.postern.upstream.Presets;
import dev.postern.verdict.FeedListener;
import dev.postern.verdict.InFlightBudget;
import dev.postern.verdict.RevocationSource;
import dev.postern.verdict.Revocations;
import dev.postern.verdict.Verdict;
import dev.postern.verdict.VerdictCache;
import dev.postern.verdict.VerdictListener;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// Records, in one list, the events of a feed and the revocations of the cache.
final class Watched implements FeedListener, VerdictListener {
  final List<String> happened = new CopyOnWriteArrayList<>();
  final AtomicInteger sessionEnds = new AtomicInteger();
  final Revocations revocations =
      new VerdictCache(
              new CacheConfig(
                  Duration.ofSeconds(60),
                  Duration.ofSeconds(10),
                  Duration.ofSeconds(5),
                  0.8,
                  Duration.ZERO,
                  new DataSize(1 << 20),
                  Duration.ZERO),
              Presets.of(PresetName.AUTHENTIK),
              new VerdictCache.Collaborators(
                  (call, done) -> done.accept(Verdict.Unavailable.because(Verdict.Fault.CONNECT)),
                  new JwtReader(),
                  System::nanoTime,
                  InstantSource.system(),
                  Runnable::run,
                  new InFlightBudget(1 << 20),
                  this))
          .revocations();

  @Override
  public void event(Event event, long millis) {
    if (event == Event.SESSION_END) {
      sessionEnds.incrementAndGet();
    }
    if (sessionEnds.get() < 100) {
      happened.add(event.name());
    }
  }

  @Override
  public void connected(boolean connected) {
    happened.add(connected ? "connected" : "lost");
  }

  @Override
  public void reconnecting() {
    happened.add("reconnecting");
  }

  @Override
  public void revoked(RevocationSource feed) {
    if (sessionEnds.get() < 100) {
      happened.add("revoked");
    }
  }
}
