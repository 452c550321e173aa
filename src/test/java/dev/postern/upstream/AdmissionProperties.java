package dev.postern.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.postern.upstream.Admission.Ticket;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;

/// Places at the upstream, distributed fairly (invariant 9).
class AdmissionProperties {
  /// A call and its state.
  private static final class Call {
    final String client;
    @Nullable Ticket ticket;
    boolean granted;
    boolean left;

    Call(String client) {
      this.client = client;
    }

    boolean isInside() {
      return granted && !left;
    }

    boolean isWaiting() {
      return ticket != null && !granted && !left;
    }
  }

  private static Call enter(Admission admission, String client) {
    Call call = new Call(client);
    call.ticket = admission.enter(client, () -> call.granted = true);
    return call;
  }

  private static void leave(Call call) {
    if (call.ticket != null) {
      call.ticket.leave();
      call.left = true;
    }
  }

  private static long inside(List<Call> calls, String client) {
    return calls.stream().filter(c -> c.client.equals(client) && c.isInside()).count();
  }

  private static long waiting(List<Call> calls, String client) {
    return calls.stream().filter(c -> c.client.equals(client) && c.isWaiting()).count();
  }

  @Property(tries = 2000)
  void anySequence_keepsEveryBoundAndLeavesNothingBehind(
      @ForAll @IntRange(min = 1, max = 17) int places,
      @ForAll @IntRange(min = 0, max = 9) int waitingPlaces,
      @ForAll @Size(max = 120) List<@IntRange(max = 99) Integer> steps) {
    Admission admission = new Admission(places, waitingPlaces);
    List<Call> calls = new ArrayList<>();
    for (int step : steps) {
      if (step < 60 || calls.isEmpty()) {
        calls.add(enter(admission, "client-" + step % 6));
      } else {
        leave(calls.get(step % calls.size()));
      }
      assertBounds(admission, calls, places, waitingPlaces);
    }

    calls.forEach(AdmissionProperties::leave);

    assertThat(admission.waiting()).isZero();
    List<Call> fresh = new ArrayList<>();
    for (int i = 0; i < places; i++) {
      fresh.add(enter(admission, "fresh-" + i));
    }
    assertThat(fresh).as("every place is free again").allMatch(Call::isInside);
  }

  private static void assertBounds(
      Admission admission, List<Call> calls, int places, int waitingPlaces) {
    int mostInside = Math.max(1, places / 4);
    long inside = calls.stream().filter(Call::isInside).count();
    assertThat(inside).isLessThanOrEqualTo(places);
    assertThat(admission.waiting())
        .isEqualTo((int) calls.stream().filter(Call::isWaiting).count())
        .isLessThanOrEqualTo(waitingPlaces);
    for (int i = 0; i < 6; i++) {
      String client = "client-" + i;
      assertThat(inside(calls, client)).isLessThanOrEqualTo(mostInside);
      assertThat(waiting(calls, client)).isLessThanOrEqualTo(Math.max(1, waitingPlaces / 4));
      assertThat(
              inside < places && inside(calls, client) < mostInside && waiting(calls, client) > 0)
          .as("no call waits while a place is free")
          .isFalse();
    }
  }

  @Example
  void leave_manyWaiting_servesClientsInTurn() {
    Admission admission = new Admission(4, 100);
    List<Call> inside = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      inside.add(enter(admission, "holder-" + i));
    }
    List<Call> flood = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      flood.add(enter(admission, "flood"));
    }
    Call modest = enter(admission, "modest");
    Call late = enter(admission, "late");

    inside.forEach(AdmissionProperties::leave);

    assertThat(inside(flood, "flood")).as("a quarter of four").isEqualTo(1);
    assertThat(modest.isInside()).isTrue();
    assertThat(late.isInside()).isTrue();
  }

  @Example
  void enter_queueFull_isRefusedAndForgotten() {
    Admission admission = new Admission(1, 1);
    Call first = enter(admission, "a");
    Call second = enter(admission, "b");
    Call third = enter(admission, "c");
    assertThat(third.ticket).isNull();
    leave(first);
    assertThat(second.isInside()).isTrue();
    leave(second);
    leave(second);
    assertThat(enter(admission, "c").isInside()).isTrue();
    assertThat(enter(admission, "d").isInside()).as("leaving twice frees one place").isFalse();
  }

  @Example
  void enter_grantedThatLeavesAtOnce_passesTheWholeQueue() {
    Admission admission = new Admission(1, 4000);
    Call holder = enter(admission, "holder");
    List<Integer> order = new ArrayList<>();
    List<@Nullable Ticket> tickets = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      int number = i;
      tickets.add(
          admission.enter(
              "client-" + i,
              () -> {
                order.add(number);
                Ticket own = tickets.get(number);
                if (own != null) {
                  own.leave();
                }
              }));
    }
    leave(holder);
    assertThat(order).hasSize(1000).isSorted();
    assertThat(admission.waiting()).isZero();
  }
}
