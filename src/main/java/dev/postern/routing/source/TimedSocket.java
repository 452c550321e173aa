package dev.postern.routing.source;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/// A socket with one deadline for its whole use, however slowly bytes arrive; TLS on top of it has
/// the same deadline.
final class TimedSocket extends Socket {
  private final LongSupplier ticker;
  private final long endNanos;

  TimedSocket(Duration limit, LongSupplier ticker) {
    this.ticker = ticker;
    endNanos = ticker.getAsLong() + limit.toNanos();
  }

  /// The remaining time.
  ///
  /// @throws SocketTimeoutException if there is none
  int leftMillis() throws SocketTimeoutException {
    long left = endNanos - ticker.getAsLong();
    if (left <= 0) {
      throw new SocketTimeoutException();
    }
    return Math.clamp(TimeUnit.NANOSECONDS.toMillis(left), 1, Integer.MAX_VALUE);
  }

  @Override
  public InputStream getInputStream() throws IOException {
    return new FilterInputStream(super.getInputStream()) {
      @Override
      public int read() throws IOException {
        setSoTimeout(leftMillis());
        return in.read();
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        setSoTimeout(leftMillis());
        return in.read(bytes, offset, length);
      }
    };
  }
}
