package dev.postern.upstream;

import dev.postern.verdict.InFlightBudget;
import dev.postern.verdict.Verdict.Fault;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.Consumer;

/// Buffers the whole body of a response, within limits. Its bytes count against the budget and the
/// client's share until it is closed.
final class CollectedBody implements BodySink, AutoCloseable {
  /// Far above a login page with everything inlined.
  static final int MAX_BYTES = 1024 * 1024;

  private final InFlightBudget budget;
  private final String client;
  private final Consumer<byte[]> whole;
  private final Consumer<Fault> failed;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
  private boolean over;

  CollectedBody(
      InFlightBudget budget, String client, Consumer<byte[]> whole, Consumer<Fault> failed) {
    this.budget = budget;
    this.client = client;
    this.whole = whole;
    this.failed = failed;
  }

  @Override
  public boolean write(ByteBuf piece) {
    try {
      int size = piece.readableBytes();
      if (over) {
        return true;
      }
      Fault fault = body.size() + size > MAX_BYTES ? Fault.TOO_LARGE : budget.take(client, size);
      if (fault != null) {
        over = true;
        failed.accept(fault);
        return true;
      }
      byte[] bytes = new byte[size];
      piece.readBytes(bytes);
      body.writeBytes(bytes);
      return true;
    } finally {
      piece.release();
    }
  }

  @Override
  public void end() {
    whole.accept(body.toByteArray());
  }

  @Override
  public void fail(IOException reason) {
    failed.accept(UpstreamFaults.kind(reason, true));
  }

  @Override
  public void whenWritable(Runnable callback) {
    // There is always room until it fails.
  }

  @Override
  public void close() {
    over = true;
    budget.give(client, body.size());
    body.reset();
  }
}
