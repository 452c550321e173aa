package dev.postern.verdict;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

/// Records the listener calls of the cache.
final class Journal implements VerdictListener {
  final LongAdder answers = new LongAdder();
  final List<NotStored> notStored = new CopyOnWriteArrayList<>();
  final List<Removal> removed = new CopyOnWriteArrayList<>();
  final List<RevocationSource> revoked = Collections.synchronizedList(new ArrayList<>());
  final List<Long> jumps = new CopyOnWriteArrayList<>();
  final List<Throwable> failures = new CopyOnWriteArrayList<>();

  @Override
  public void answered(String application, CacheStatus status) {
    answers.increment();
  }

  @Override
  public void notStored(String application, NotStored reason) {
    notStored.add(reason);
  }

  @Override
  public void removed(Removal reason) {
    removed.add(reason);
  }

  @Override
  public void revoked(RevocationSource feed) {
    revoked.add(feed);
  }

  @Override
  public void failed(Throwable failure) {
    failures.add(failure);
  }

  @Override
  public void clockJumped(long millis) {
    jumps.add(millis);
  }
}
