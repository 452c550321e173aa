package dev.postern.accesslog.output;

import dev.postern.accesslog.output.LineQueue.Batch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes the lines of the queue, on its own thread.
///
/// A failed write is retried until it succeeds: lines are lost only if the queue is full.
final class LineWriter implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(LineWriter.class);

  private static final long LINGER_NANOS = Duration.ofMillis(5).toNanos();

  private final LineQueue queue;
  private final LogFile file;
  private final String name;
  private final long pauseNanos;
  private boolean failing;

  /// @param queue the waiting lines
  /// @param file the output
  /// @param name the file's name in messages
  /// @param pause delay before the next attempt
  LineWriter(LineQueue queue, LogFile file, String name, Duration pause) {
    this.queue = queue;
    this.file = file;
    this.name = name;
    this.pauseNanos = pause.toNanos();
  }

  @Override
  public void run() {
    try {
      open();
      Batch batch;
      do {
        batch = queue.take(LINGER_NANOS);
        if (batch.reopen()) {
          close();
          open();
        }
        write(batch.lines());
      } while (!batch.closed());
      close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void write(ArrayDeque<byte[]> lines) throws InterruptedException {
    while (!lines.isEmpty()) {
      int count = 0;
      ByteBuffer piece = ByteBuffer.allocate(pieceBytes(lines));
      while (!lines.isEmpty() && lines.getFirst().length <= piece.remaining()) {
        piece.put(lines.removeFirst());
        count++;
      }
      if (!written(piece.flip())) {
        queue.countLost(count + lines.size());
        return;
      }
    }
  }

  /// At least one line.
  private int pieceBytes(ArrayDeque<byte[]> lines) {
    int most = file.pieceBytes();
    int bytes = 0;
    for (byte[] line : lines) {
      if (bytes > 0 && bytes + line.length > most) {
        break;
      }
      bytes += line.length;
    }
    return bytes;
  }

  /// @return false if it could not be written and the queue is closed
  private boolean written(ByteBuffer piece) throws InterruptedException {
    boolean last = false;
    while (true) {
      try {
        file.write(piece);
        succeeded();
        return true;
      } catch (IOException e) {
        failed(e);
        if (last) {
          return false;
        }
        last = queue.pause(pauseNanos);
        close();
      }
    }
  }

  private void open() {
    try {
      file.open();
    } catch (IOException e) {
      failed(e);
    }
  }

  private void close() {
    try {
      file.close();
    } catch (IOException e) {
      failed(e);
    }
  }

  private void failed(IOException reason) {
    if (!failing) {
      failing = true;
      LOG.atWarn()
          .addKeyValue("file", name)
          .addKeyValue("error", reason)
          .log("The access log cannot be written; lines wait, and are lost when the queue is full");
    }
  }

  private void succeeded() {
    if (failing) {
      failing = false;
      LOG.atInfo()
          .addKeyValue("file", name)
          .addKeyValue("lostSinceStart", queue.lost())
          .log("The access log can be written again");
    }
  }
}
