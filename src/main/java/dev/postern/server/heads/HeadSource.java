package dev.postern.server.heads;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.xnio.StreamConnection;
import org.xnio.conduits.AbstractStreamSourceConduit;
import org.xnio.conduits.ReadReadyHandler;
import org.xnio.conduits.StreamSourceConduit;

/// Counts the bytes of a connection's heads, and stops reading while a large one has no place.
/// Everything but [#granted] happens on the connection's I/O thread.
final class HeadSource extends AbstractStreamSourceConduit<StreamSourceConduit> {
  private enum Place {
    NONE,
    WAITING,
    HELD,
    /// the connection has ended
    GONE
  }

  /// First byte of a TLS handshake (RFC 8446, section 5.1), which no head begins with.
  private static final byte TLS_HANDSHAKE = 0x16;

  private final StreamConnection connection;
  private final LargeHeads heads;
  private int bytes;
  private boolean inBody;
  private boolean wantsReads;
  private Place place = Place.NONE;

  HeadSource(StreamConnection connection, LargeHeads heads) {
    super(connection.getSourceChannel().getConduit());
    this.connection = connection;
    this.heads = heads;
    setReadReadyHandler(
        new ReadReadyHandler.ChannelListenerHandler<>(connection.getSourceChannel()));
  }

  void headEnded(boolean bodyFollows) {
    bytes = 0;
    inBody = bodyFollows;
    leave(Place.NONE);
  }

  void bodyEnded() {
    bytes = 0;
    inBody = false;
  }

  /// There is a place now.
  void granted() {
    connection
        .getIoThread()
        .execute(() -> {
          if (place != Place.WAITING) {
            // It has ended meanwhile.
            heads.give();
            return;
          }
          place = Place.HELD;
          if (wantsReads) {
            next.resumeReads();
          }
        });
  }

  private void leave(Place then) {
    boolean held = place == Place.HELD;
    place = then;
    if (held) {
      heads.give();
    }
  }

  private boolean mayRead() {
    if (inBody || bytes < LargeHeads.USUAL_BYTES || place == Place.HELD) {
      return true;
    }
    if (place == Place.NONE) {
      place = heads.take(this) ? Place.HELD : Place.WAITING;
    }
    return place != Place.WAITING;
  }

  @Override
  public int read(ByteBuffer dst) throws IOException {
    if (!mayRead()) {
      next.suspendReads();
      return 0;
    }
    int count = next.read(dst);
    if (count > 0 && !inBody) {
      if (bytes == 0 && dst.get(dst.position() - count) == TLS_HANDSHAKE) {
        heads.isTls(connection);
      }
      bytes += count;
    }
    return count;
  }

  @Override
  public void resumeReads() {
    wantsReads = true;
    if (place != Place.WAITING) {
      next.resumeReads();
    }
  }

  @Override
  public void wakeupReads() {
    wantsReads = true;
    if (place != Place.WAITING) {
      next.wakeupReads();
    }
  }

  @Override
  public void suspendReads() {
    wantsReads = false;
    next.suspendReads();
  }

  @Override
  public boolean isReadResumed() {
    return place == Place.WAITING ? wantsReads : next.isReadResumed();
  }

  @Override
  public void setReadReadyHandler(ReadReadyHandler handler) {
    next.setReadReadyHandler(
        new ReadReadyHandler() {
          @Override
          public void readReady() {
            handler.readReady();
          }

          @Override
          public void forceTermination() {
            handler.forceTermination();
          }

          @Override
          public void terminated() {
            leave(Place.GONE);
            heads.ended(connection, HeadSource.this);
            handler.terminated();
          }
        });
  }
}
