package dev.postern.upstream.wire;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.xnio.IoUtils;
import org.xnio.ssl.SslConnection;

/// The TLS handshake of a client's connection, finished before the connection is used: XNIO's TLS
/// neither wakes a write that waited for it nor says why it failed. Everything happens on the
/// connection's I/O thread.
public final class Handshake {
  private final SslConnection connection;
  private final Consumer<SslConnection> done;
  private final Consumer<IOException> failed;
  private boolean over;
  private @Nullable IOException reason;

  private Handshake(
      SslConnection connection, Consumer<SslConnection> done, Consumer<IOException> failed) {
    this.connection = connection;
    this.done = done;
    this.failed = failed;
  }

  /// Begins the handshake of a connection that has just been opened.
  ///
  /// @param connection the connection
  /// @param done receives it when it is ready
  /// @param failed receives the reason when it never will be; it is closed then
  public static void begin(
      SslConnection connection, Consumer<SslConnection> done, Consumer<IOException> failed) {
    new Handshake(connection, done, failed).begin();
  }

  private void begin() {
    connection.getHandshakeSetter().set(_ -> succeed());
    connection.getCloseSetter().set(_ -> fail());
    connection.getSourceChannel().setReadListener(_ -> drive());
    connection.getSinkChannel().setWriteListener(_ -> drive());
    try {
      connection.startHandshake();
    } catch (IOException e) {
      reason = e;
      fail();
      return;
    }
    connection.getSourceChannel().resumeReads();
    drive();
  }

  /// Reading and flushing is what moves the handshake on. The upstream has nothing to say before it
  /// is asked, so any byte of data is a fault.
  private void drive() {
    if (over) {
      return;
    }
    try {
      connection.getSinkChannel().flush();
      if (!over && connection.getSourceChannel().read(ByteBuffer.allocate(1)) != 0) {
        reason = new SSLException("the connection ended during the handshake");
        fail();
      }
    } catch (IOException e) {
      reason = e;
      fail();
    }
  }

  private void succeed() {
    if (over) {
      return;
    }
    over = true;
    connection.getSourceChannel().suspendReads();
    connection.getSourceChannel().setReadListener(null);
    connection.getSinkChannel().suspendWrites();
    connection.getSinkChannel().setWriteListener(null);
    // The close listener stays: XNIO adds to it and never takes away, and would call a null.
    // The engine is still inside the read that ended the handshake.
    connection.getIoThread().execute(() -> done.accept(connection));
  }

  private void fail() {
    if (over) {
      return;
    }
    over = true;
    IoUtils.safeClose(connection);
    failed.accept(new SSLException("the TLS handshake failed", reason));
  }
}
