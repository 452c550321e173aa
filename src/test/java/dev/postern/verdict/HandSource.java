package dev.postern.verdict;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// An upstream controlled by the test: each check waits until the test answers it.
final class HandSource implements VerdictSource {
  /// A waiting check.
  record Held(Call call, Consumer<Verdict> done) {
    void answer(Verdict verdict) {
      done.accept(verdict);
    }
  }

  private final List<Held> held = new CopyOnWriteArrayList<>();

  @Override
  public void check(Call call, Consumer<Verdict> done) {
    held.add(new Held(call, done));
  }

  /// Number of checks so far.
  int checks() {
    return held.size();
  }

  /// The check with a number, from 0.
  Held question(int number) {
    return held.get(number);
  }

  void forget() {
    held.clear();
  }

  /// Answers the latest check.
  void answer(Verdict verdict) {
    held.getLast().answer(verdict);
  }
}
