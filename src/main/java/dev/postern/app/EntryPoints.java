package dev.postern.app;

import dev.postern.config.EntryPointsConfig.LifeCycle;
import dev.postern.config.ListenAddress;
import dev.postern.net.HostName;
import dev.postern.server.Drain;
import dev.postern.server.OpenServer;
import java.io.IOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens the entry points, and closes them without losing requests.
final class EntryPoints {
  private static final Logger LOG = LoggerFactory.getLogger(EntryPoints.class);

  private record Open(String name, OpenServer server, Drain drain, LifeCycle lifeCycle) {}

  private final Measuring measuring;
  private final LongSupplier ticker;
  private final List<Open> open = new ArrayList<>();

  /// @param measuring counts connections
  /// @param ticker monotonic nanoseconds
  EntryPoints(Measuring measuring, LongSupplier ticker) {
    this.measuring = measuring;
    this.ticker = ticker;
  }

  /// Opens one listener.
  interface Opener {
    OpenServer open(ListenAddress address) throws IOException;
  }

  /// Opens an entry point.
  ///
  /// @param drain counts its requests in flight
  /// @throws IOException if it cannot be opened; the message names the entry point
  void open(String name, ListenAddress address, Drain drain, LifeCycle lifeCycle, Opener opener)
      throws IOException {
    try {
      OpenServer server = opener.open(address);
      measuring.connections(name, server::openConnections);
      open.add(new Open(name, server, drain, lifeCycle));
    } catch (IOException e) {
      throw new IOException(
          "entryPoints." + name + ".address " + address + " cannot be opened: " + why(address, e),
          e);
    }
  }

  private static String why(ListenAddress address, IOException e) {
    return switch (e) {
      // The JDK's message is only the name.
      case UnknownHostException _ ->
          new HostName(address.host()).unknownHere()
              + "; write an address of this machine, or the port alone (:"
              + address.port()
              + ") for all of them";
      case IOException other -> String.valueOf(other.getMessage());
    };
  }

  /// Logs the port of each entry point.
  void announce() {
    open.forEach(one ->
        LOG.atInfo()
            .addKeyValue("entryPoint", one.name())
            .addKeyValue("port", one.server().port())
            .log("Listening"));
  }

  /// The bound ports by name of the entry point.
  Map<String, Integer> ports() {
    Map<String, Integer> ports = new LinkedHashMap<>();
    open.forEach(one -> ports.put(one.name(), one.server().port()));
    return ports;
  }

  /// The bound port of an entry point.
  int port(String name) {
    Integer port = ports().get(name);
    if (port == null) {
      throw new IllegalStateException(name + " is not open");
    }
    return port;
  }

  /// Announces the shutdown (`/ping`, GOAWAY), still accepts connections for the configured time,
  /// then waits for the requests in flight.
  void drain() throws InterruptedException {
    open.forEach(one -> one.drain().begin());
    open.forEach(one -> one.server().goAway());
    Duration accepting =
        longest(open.stream().map(one -> one.lifeCycle().requestAcceptGraceTimeout()).toList());
    Duration finishing = longest(open.stream().map(one -> one.lifeCycle().graceTimeOut()).toList());
    // A plain wait: load balancers notice the shutdown in this time.
    boolean _ = new CountDownLatch(1).await(accepting.toNanos(), TimeUnit.NANOSECONDS);
    long end = ticker.getAsLong() + finishing.toNanos();
    for (Open one : open) {
      if (!one.name().equals("admin")) {
        one.server().stopAccepting();
      }
    }
    for (Open one : open) {
      if (!one.drain().await(Duration.ofNanos(Math.max(1, end - ticker.getAsLong())))) {
        LOG.atWarn()
            .addKeyValue("entryPoint", one.name())
            .log("Requests were still in flight when graceTimeOut ended");
      }
    }
  }

  private static Duration longest(List<Duration> durations) {
    return durations.stream().max(Duration::compareTo).orElse(Duration.ZERO);
  }

  /// Closes them all.
  void close() {
    open.forEach(one -> one.server().close());
  }
}
