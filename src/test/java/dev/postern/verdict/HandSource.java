package dev.postern.verdict;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/// An upstream played by hand: it holds every question until the test answers it.
final class HandSource implements VerdictSource {
  /// A question that waits.
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

  /// How many questions there have been.
  int asked() {
    return held.size();
  }

  /// The question of a number, from 0.
  Held question(int number) {
    return held.get(number);
  }

  void forget() {
    held.clear();
  }

  /// Answers the latest question.
  void answer(Verdict verdict) {
    held.getLast().answer(verdict);
  }
}
