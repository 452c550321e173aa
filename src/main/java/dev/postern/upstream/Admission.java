package dev.postern.upstream;

import dev.postern.verdict.Verdict.Fault;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Limits concurrent calls to the upstream (invariant 9).
///
/// The number of calls in flight and of queued calls is fixed. No client gets more than a quarter
/// of either, and queued clients take turns, so that one client's flood does not delay others.
public final class Admission {
  /// A place in flight or in the queue.
  ///
  /// Held by one call; [#leave] may be called in any state, and more than once.
  public final class Ticket {
    private final Lane lane;
    private final Runnable granted;
    // Mutable state; guarded by the admission.
    private State state = State.WAITING;

    private Ticket(Lane lane, Runnable granted) {
      this.lane = lane;
      this.granted = granted;
    }

    /// Releases the place, or leaves the queue.
    public void leave() {
      Admission.this.leave(this);
    }
  }

  private enum State {
    WAITING,
    ADMITTED,
    GONE
  }

  private static final class Lane {
    final String client;
    final Queue<Ticket> waiting = new ArrayDeque<>();
    int admitted;

    Lane(String client) {
      this.client = client;
    }
  }

  private final int places;
  private final int placesPerClient;
  private final int waitingPlaces;
  private final int waitingPlacesPerClient;
  // Mutable state; guarded by this.
  private final Map<String, Lane> lanes = new HashMap<>();
  private final Set<Lane> turns = new LinkedHashSet<>();
  private int admitted;
  private int waiting;

  /// @param places maximum calls in flight
  /// @param waitingPlaces maximum queued calls
  public Admission(int places, int waitingPlaces) {
    this.places = places;
    this.placesPerClient = Math.max(1, places / 4);
    this.waitingPlaces = waitingPlaces;
    this.waitingPlacesPerClient = Math.max(1, waitingPlaces / 4);
  }

  /// Requests a place.
  ///
  /// @param client the client that the call is counted for
  /// @param granted run when there is a place: on this thread before returning, or later on another
  /// @return the ticket, or null if the queue is full
  public @Nullable Ticket enter(String client, Runnable granted) {
    Ticket ticket;
    synchronized (this) {
      Lane lane = lanes.computeIfAbsent(client, Lane::new);
      ticket = new Ticket(lane, granted);
      if (admitted >= places || lane.admitted >= placesPerClient) {
        return queue(ticket) ? ticket : null;
      }
      admit(ticket);
    }
    granted.run();
    return ticket;
  }

  /// Why the last [#enter] returned null.
  public synchronized Fault whyRefused() {
    return waiting >= waitingPlaces ? Fault.OVERLOAD : Fault.CLIENT_SHARE;
  }

  /// Why a queued call still has no place.
  public synchronized Fault whyWaiting() {
    return admitted >= places ? Fault.OVERLOAD : Fault.CLIENT_SHARE;
  }

  /// Number of queued calls.
  public synchronized int waiting() {
    return waiting;
  }

  private boolean queue(Ticket ticket) {
    Lane lane = ticket.lane;
    if (waiting >= waitingPlaces || lane.waiting.size() >= waitingPlacesPerClient) {
      forget(lane);
      return false;
    }
    lane.waiting.add(ticket);
    waiting++;
    turns.add(lane);
    return true;
  }

  private void admit(Ticket ticket) {
    ticket.state = State.ADMITTED;
    ticket.lane.admitted++;
    admitted++;
  }

  private void leave(Ticket ticket) {
    Ticket next;
    synchronized (this) {
      Lane lane = ticket.lane;
      switch (ticket.state) {
        case ADMITTED -> {
          lane.admitted--;
          admitted--;
        }
        case WAITING -> {
          lane.waiting.remove(ticket);
          waiting--;
        }
        case GONE -> {
          return;
        }
      }
      ticket.state = State.GONE;
      next = admitNext();
      forget(lane);
    }
    if (next != null) {
      next.granted.run();
    }
  }

  /// Takes the next client in turn that is below its limit. At most four clients can be at their
  /// limit, so the search is short.
  private @Nullable Ticket admitNext() {
    Iterator<Lane> search = admitted < places ? turns.iterator() : Set.<Lane>of().iterator();
    while (search.hasNext()) {
      Lane lane = search.next();
      if (lane.admitted >= placesPerClient) {
        continue;
      }
      search.remove();
      Ticket next = lane.waiting.poll();
      if (next != null) {
        waiting--;
        admit(next);
        if (!lane.waiting.isEmpty()) {
          turns.add(lane);
        }
        return next;
      }
    }
    return null;
  }

  private void forget(Lane lane) {
    if (lane.admitted == 0 && lane.waiting.isEmpty()) {
      lanes.remove(lane.client);
      turns.remove(lane);
    }
  }
}
