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
/// Name servers can be slow and event loops must not block, so one thread resolves the name for all
/// waiting calls. A result is used only briefly, so that a moved host is found again soon. While a
/// lookup hangs, the last result remains usable for longer. If the name becomes unknown its
/// addresses are dropped at once: another machine may have the old address.
final class Addresses {
  /// How long a result is used without another lookup. The JDK's own cache adds to it.
  static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(2);

  /// How long a result is usable while a lookup hangs.
  static final long USABLE_NANOS = TimeUnit.SECONDS.toNanos(30);

  /// After this time a lookup counts as hanging.
  static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

  /// Resolves a host name; may block.
  @FunctionalInterface
  interface Lookup {
    List<InetAddress> addresses(String host) throws UnknownHostException;
  }

  private record Known(List<InetAddress> addresses, long sinceNanos) {}

  /// A waiting call; used only on its event loop.
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

  /// @param ticker monotonic nanoseconds
  Addresses(HostName host, Lookup lookup, LongSupplier ticker) {
    this.host = host;
    this.lookup = lookup;
    this.ticker = ticker;
  }

  /// The addresses from the system resolver.
  static Addresses ofSystem(HostName host) {
    return new Addresses(host, name -> List.of(InetAddress.getAllByName(name)), System::nanoTime);
  }

  /// Finds the addresses.
  ///
  /// @param loop the caller's event loop, on which the callbacks run
  /// @param found receives at least one address, possibly before this returns
  /// @param failed receives the reason if there are none
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
      // A platform thread: a hanging lookup would pin a virtual thread's carrier.
      Thread.ofPlatform().daemon().name("postern-resolve").start(this::look);
    }
  }

  /// The last addresses, or null if they are older than a limit.
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
