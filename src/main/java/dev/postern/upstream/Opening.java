package dev.postern.upstream;

import dev.postern.upstream.UpstreamConnections.Lease;
import dev.postern.upstream.wire.Handshake;
import dev.postern.upstream.wire.HttpConnection;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.XnioExecutor;
import org.xnio.ssl.SslConnection;

/// A connection to the upstream from the first packet to the end of its TLS handshake, within a
/// time: whoever wanted it may have given up long before, and nobody else would close it.
/// Everything happens on one I/O thread.
final class Opening {
  /// As long as Traefik gives a TLS handshake (traefik-contract 1.6).
  static final long SECONDS = 10;

  private final Consumer<Lease> opened;
  private final Consumer<IOException> failed;
  private final XnioExecutor.Key timer;
  private @Nullable StreamConnection stream;
  private boolean over;

  Opening(XnioExecutor thread, Consumer<Lease> opened, Consumer<IOException> failed) {
    this.opened = opened;
    this.failed = failed;
    timer = thread.executeAfter(this::expired, SECONDS, TimeUnit.SECONDS);
  }

  void connected(StreamConnection connection) {
    if (over) {
      IoUtils.safeClose(connection);
      return;
    }
    stream = connection;
    if (connection instanceof SslConnection tls) {
      Handshake.begin(tls, this::ready, this::failed);
    } else {
      ready(connection);
    }
  }

  private void ready(StreamConnection connection) {
    if (giveUp()) {
      opened.accept(new Lease(new HttpConnection(connection), false));
    } else {
      IoUtils.safeClose(connection);
    }
  }

  void failed(IOException reason) {
    if (giveUp()) {
      failed.accept(reason);
    }
  }

  private void expired() {
    failed(new SocketTimeoutException("no connection within " + SECONDS + " s"));
    IoUtils.safeClose(stream);
  }

  /// Ends the attempt.
  ///
  /// @return whether it was still going on
  boolean giveUp() {
    boolean wasOpen = !over;
    over = true;
    timer.remove();
    return wasOpen;
  }
}
