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

/// Gives out the places at the upstream (invariant 9).
///
/// There is a fixed number of places and of places to wait. No client holds more than a quarter of
/// either, and those who wait are served client by client in turn, so that one client's flood
/// delays nobody else.
public final class Admission {
  /// A claim to a place.
  ///
  /// Held by one call; [#leave] may be called in whatever state it is, and more than once.
  public final class Ticket {
    private final Lane lane;
    private final Runnable granted;
    // Mutable state; guarded by the admission.
    private State state = State.WAITING;

    private Ticket(Lane lane, Runnable granted) {
      this.lane = lane;
      this.granted = granted;
    }

    /// Gives the place back, or stops waiting for it.
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

  /// Makes an admission.
  ///
  /// @param places calls in flight at most
  /// @param waitingPlaces calls that wait at most
  public Admission(int places, int waitingPlaces) {
    this.places = places;
    this.placesPerClient = Math.max(1, places / 4);
    this.waitingPlaces = waitingPlaces;
    this.waitingPlacesPerClient = Math.max(1, waitingPlaces / 4);
  }

  /// Asks for a place.
  ///
  /// @param client whom the call is made for
  /// @param granted run when there is a place, at once on this thread or later on another
  /// @return the claim, or null when even the places to wait are taken
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

  /// Why somebody has just got no place to wait.
  public synchronized Fault whyRefused() {
    return waiting >= waitingPlaces ? Fault.OVERLOAD : Fault.CLIENT_SHARE;
  }

  /// Why somebody waits who still has no place.
  public synchronized Fault whyWaiting() {
    return admitted >= places ? Fault.OVERLOAD : Fault.CLIENT_SHARE;
  }

  /// How many calls wait.
  ///
  /// @return number of tickets without a place
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

  /// Takes the next client in turn that may have one more place. At most four clients can be at
  /// their limit, so the search is short.
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
