package dev.postern.upstream;

import dev.postern.net.HostName;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The addresses of one host.
///
/// Name servers can be slow, and an event loop must not wait for them: one thread looks a name up,
/// for all that wait. An answer is used for a short time only, so that a host that has moved is
/// found again soon. While a lookup hangs, the last answer serves for some time longer. A name that
/// is unknown has no addresses at once: another machine may have got the old one.
final class Addresses {
  /// How long an answer is used without another lookup. The JDK's own cache comes on top of it.
  static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(2);

  /// How long an answer serves while a lookup hangs.
  static final long USABLE_NANOS = TimeUnit.SECONDS.toNanos(30);

  /// When a lookup counts as one that hangs.
  static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// Looks a name up, and may take its time.
  @FunctionalInterface
  interface Lookup {
    List<InetAddress> addresses(String host) throws UnknownHostException;
  }

  private record Known(List<InetAddress> addresses, long sinceNanos) {}

  /// One that waits; touched by its event loop alone.
  private static final class Waiter {
    final EventLoop loop;
    final Consumer<List<InetAddress>> found;
    final Consumer<IOException> failed;
    boolean done;

    Waiter(EventLoop loop, Consumer<List<InetAddress>> found, Consumer<IOException> failed) {
      this.loop = loop;
      this.found = found;
      this.failed = failed;
    }

    void found(List<InetAddress> addresses) {
      if (!done) {
        done = true;
        found.accept(addresses);
      }
    }

    void failed(IOException reason) {
      if (!done) {
        done = true;
        failed.accept(reason);
      }
    }
  }

  private final HostName host;
  private final Lookup lookup;
  private final LongSupplier ticker;
  // Mutable state; guarded by this.
  private @Nullable Known known;
  private List<Waiter> waiting = new ArrayList<>();
  private boolean looking;

  /// Nothing is looked up yet.
  ///
  /// @param host a name or an address
  /// @param lookup how a name is looked up
  /// @param ticker monotonic nanoseconds
  Addresses(HostName host, Lookup lookup, LongSupplier ticker) {
    this.host = host;
    this.lookup = lookup;
    this.ticker = ticker;
  }

  /// The addresses as the system knows them.
  static Addresses ofSystem(HostName host) {
    return new Addresses(host, name -> List.of(InetAddress.getAllByName(name)), System::nanoTime);
  }

  /// Finds the addresses.
  ///
  /// @param loop the event loop of the caller, on which the callbacks run
  /// @param found receives one address or more, maybe at once
  /// @param failed receives the reason when there are none
  void find(EventLoop loop, Consumer<List<InetAddress>> found, Consumer<IOException> failed) {
    List<InetAddress> fresh = known(FRESH_NANOS);
    if (fresh != null) {
      found.accept(fresh);
      return;
    }
    Waiter waiter = new Waiter(loop, found, failed);
    var _ = loop.schedule(() -> useLast(waiter), PATIENCE_NANOS, TimeUnit.NANOSECONDS);
    boolean first;
    synchronized (this) {
      waiting.add(waiter);
      first = !looking;
      looking = true;
    }
    if (first) {
      // A platform thread: a lookup that hangs would hold one of the few that carry virtual ones.
      Thread.ofPlatform().daemon().name("postern-resolve").start(this::look);
    }
  }

  /// Addresses that are not older than a time.
  private synchronized @Nullable List<InetAddress> known(long nanos) {
    return known != null && ticker.getAsLong() - known.sinceNanos() <= nanos
        ? known.addresses()
        : null;
  }

  private void useLast(Waiter waiter) {
    List<InetAddress> last = waiter.done ? null : known(USABLE_NANOS);
    if (last != null) {
      waiter.found(last);
    }
  }

  private void look() {
    try {
      List<InetAddress> addresses = lookup.addresses(host.text());
      end(new Known(addresses, ticker.getAsLong()), waiter -> waiter.found(addresses));
    } catch (UnknownHostException unknown) {
      end(null, waiter -> waiter.failed(unknown));
    } catch (RuntimeException | Error broken) {
      end(null, waiter -> waiter.failed(new IOException(broken)));
    }
  }

  private void end(@Nullable Known now, Consumer<Waiter> then) {
    List<Waiter> all;
    synchronized (this) {
      known = now;
      looking = false;
      all = waiting;
      waiting = new ArrayList<>();
    }
    for (Waiter waiter : all) {
      if (!waiter.loop.isShuttingDown()) {
        waiter.loop.execute(() -> then.accept(waiter));
      }
    }
  }
}
