package dev.postern.upstream;

import dev.postern.verdict.InFlightBudget;
import dev.postern.verdict.Verdict.Fault;
import io.undertow.connector.ByteBufferPool;
import io.undertow.connector.PooledByteBuffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Consumer;
import org.xnio.channels.StreamSourceChannel;

/// Reads the whole body of an answer, within bounds. What it has read counts against the budget
/// until it is closed.
final class BodyReader implements AutoCloseable {
  /// A login page with everything inlined is far smaller.
  static final int MAX_BYTES = 1024 * 1024;

  private final StreamSourceChannel channel;
  private final ByteBufferPool buffers;
  private final InFlightBudget budget;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);

  BodyReader(StreamSourceChannel channel, ByteBufferPool buffers, InFlightBudget budget) {
    this.channel = channel;
    this.buffers = buffers;
    this.budget = budget;
  }

  /// Reads to the end.
  ///
  /// @param whole receives the body
  /// @param failed receives the reason when there is no whole body
  void read(Consumer<byte[]> whole, Consumer<Fault> failed) {
    channel.getReadSetter().set(_ -> drain(whole, failed));
    drain(whole, failed);
  }

  private void drain(Consumer<byte[]> whole, Consumer<Fault> failed) {
    try (PooledByteBuffer pooled = buffers.allocate()) {
      ByteBuffer buffer = pooled.getBuffer();
      int count = channel.read(buffer);
      while (count > 0) {
        if (!take(buffer)) {
          channel.suspendReads();
          failed.accept(Fault.TOO_LARGE);
          return;
        }
        count = channel.read(buffer);
      }
      if (count == 0) {
        channel.resumeReads();
        return;
      }
    } catch (IOException e) {
      channel.suspendReads();
      failed.accept(UpstreamFaults.kind(e, true));
      return;
    }
    channel.suspendReads();
    whole.accept(body.toByteArray());
  }

  private boolean take(ByteBuffer buffer) {
    buffer.flip();
    int size = buffer.remaining();
    if (body.size() + size > MAX_BYTES || !budget.take(size)) {
      return false;
    }
    byte[] bytes = new byte[size];
    buffer.get(bytes);
    body.writeBytes(bytes);
    buffer.clear();
    return true;
  }

  @Override
  public void close() {
    budget.give(body.size());
    body.reset();
  }
}
