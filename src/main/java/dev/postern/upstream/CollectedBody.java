package dev.postern.upstream;

import dev.postern.verdict.InFlightBudget;
import dev.postern.verdict.Verdict.Fault;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.function.Consumer;

/// Collects the whole body of a response, within limits. What it holds counts against the budget
/// until it is closed.
final class CollectedBody implements BodySink, AutoCloseable {
  /// A login page with everything inlined is far smaller.
  static final int MAX_BYTES = 1024 * 1024;

  private final InFlightBudget budget;
  private final Consumer<byte[]> whole;
  private final Consumer<Fault> failed;
  private final ByteArrayOutputStream body = new ByteArrayOutputStream(0);
  private boolean over;

  CollectedBody(InFlightBudget budget, Consumer<byte[]> whole, Consumer<Fault> failed) {
    this.budget = budget;
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
      if (body.size() + size > MAX_BYTES || !budget.take(size)) {
        over = true;
        failed.accept(Fault.TOO_LARGE);
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
    budget.give(body.size());
    body.reset();
  }
}
