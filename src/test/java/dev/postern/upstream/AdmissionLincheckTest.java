package dev.postern.upstream;

import dev.postern.upstream.Admission.Ticket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Places taken and released concurrently: none is lost, none is given twice, and no call waits
/// while a place is free (invariant 9).
///
/// Public, as are its operations, because Lincheck calls them.
@Param(name = "client", gen = IntGen.class, conf = "1:3")
@Tag("lincheck")
public class AdmissionLincheckTest {
  private static final int PLACES = 2;
  private static final int WAITING_PLACES = 4;

  /// A call with a ticket.
  private static final class Call {
    final String client;
    final AtomicInteger grants = new AtomicInteger();
    volatile @Nullable Ticket ticket;

    Call(String client) {
      this.client = client;
    }
  }

  private final Admission admission = new Admission(PLACES, WAITING_PLACES);
  private final Queue<Call> present = new ConcurrentLinkedQueue<>();
  private final AtomicInteger grantedTwice = new AtomicInteger();

  @Operation
  public void enter(@Param(name = "client") int client) {
    Call call = new Call("client-" + client);
    Ticket ticket =
        admission.enter(
            call.client,
            () -> {
              if (call.grants.incrementAndGet() > 1) {
                grantedTwice.incrementAndGet();
              }
            });
    if (ticket != null) {
      call.ticket = ticket;
      present.add(call);
    }
  }

  @Operation
  public void leave() {
    Call call = present.poll();
    if (call != null) {
      Ticket ticket = call.ticket;
      if (ticket != null) {
        ticket.leave();
        ticket.leave();
      }
    }
  }

  private int inside(String client) {
    int inside = 0;
    for (Call call : present) {
      inside += call.client.startsWith(client) ? call.grants.get() : 0;
    }
    return inside;
  }

  @Validate
  public void count() {
    int waiting = 0;
    boolean mayEnter = false;
    for (Call call : present) {
      if (call.grants.get() == 0) {
        waiting++;
        mayEnter |= inside("client") < PLACES && inside(call.client) == 0;
      }
    }
    if (grantedTwice.get() != 0
        || inside("client") > PLACES
        || admission.waiting() != waiting
        || mayEnter) {
      throw new IllegalStateException(
          "%d inside, %d wait instead of %d, %d granted twice%s"
              .formatted(
                  inside("client"),
                  admission.waiting(),
                  waiting,
                  grantedTwice.get(),
                  mayEnter ? ", somebody waits before a free place" : ""));
    }
  }

  @Test
  void anyOrder_losesNoPlaceAndGivesNoneTwice() {
    new ModelCheckingOptions()
        .iterations(5)
        .invocationsPerIteration(60)
        .threads(3)
        .actorsPerThread(2)
        .check(AdmissionLincheckTest.class);
  }
}
