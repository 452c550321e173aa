package dev.postern.upstream;

import io.undertow.connector.ByteBufferPool;
import io.undertow.server.DefaultByteBufferPool;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;

/// The threads and buffers that connections from Traefik and to the upstream share.
///
/// A check is asked on the I/O thread of the request that it is for, so that most of the time an
/// answer needs no change of thread.
public final class IoWorker implements AutoCloseable {
  /// A whole TLS record has to fit in, 16 KiB of data with what goes around it (RFC 8446 section
  /// 5.2): Undertow's TLS waits for ever for the rest of one that does not.
  private static final int BUFFER_BYTES = 17 * 1024;

  private final XnioWorker worker;
  private final ByteBufferPool buffers;

  private IoWorker(XnioWorker worker, ByteBufferPool buffers) {
    this.worker = worker;
    this.buffers = buffers;
  }

  /// Starts the threads: one for I/O for each processor, because none of them ever waits, and a few
  /// for work that blocks.
  ///
  /// @return a running worker
  /// @throws IOException if the system gives no selector
  public static IoWorker start() throws IOException {
    int ioThreads = Runtime.getRuntime().availableProcessors();
    OptionMap options =
        OptionMap.builder()
            .set(Options.WORKER_NAME, "postern")
            .set(Options.WORKER_IO_THREADS, ioThreads)
            .set(Options.WORKER_TASK_CORE_THREADS, 1)
            .set(Options.WORKER_TASK_MAX_THREADS, 8)
            .set(Options.THREAD_DAEMON, true)
            .getMap();
    return new IoWorker(
        Xnio.getInstance().createWorker(options), new DefaultByteBufferPool(true, BUFFER_BYTES));
  }

  /// The worker itself.
  ///
  /// @return XNIO's worker
  public XnioWorker worker() {
    return worker;
  }

  /// The buffers.
  ///
  /// @return Undertow's pool
  public ByteBufferPool buffers() {
    return buffers;
  }

  /// The I/O thread to work on: the calling one, if it is one.
  XnioIoThread thread() {
    return Thread.currentThread() instanceof XnioIoThread own && own.getWorker().equals(worker)
        ? own
        : worker.getIoThread();
  }

  @Override
  public void close() {
    worker.shutdownNow();
    try {
      // Whoever still runs may be about to take a buffer.
      boolean _ = worker.awaitTermination(1, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    buffers.close();
  }
}
