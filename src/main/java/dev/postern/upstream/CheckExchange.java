package dev.postern.upstream;

import dev.postern.http.ForwardedRequest;
import dev.postern.http.HeaderLine;
import dev.postern.http.HeaderLines;
import dev.postern.http.HopByHop;
import dev.postern.upstream.UpstreamConnections.Lease;
import dev.postern.upstream.wire.HttpConnection;
import dev.postern.upstream.wire.ResponseHead;
import dev.postern.verdict.Answer;
import dev.postern.verdict.InFlightBudget;
import dev.postern.verdict.Verdict.Fault;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioExecutor;
import org.xnio.XnioIoThread;

/// One forward-auth request to the upstream and its answer, on one I/O thread.
///
/// The request goes out with the very header bytes that came in. A kept connection that dies before
/// the first byte of the answer was most likely closed by the upstream in the same moment: a
/// request without a body is then sent once more, on a new connection.
final class CheckExchange {
  /// How it ended.
  sealed interface Outcome {
    /// With an answer.
    record Answered(Answer answer) implements Outcome {}

    /// Without.
    record Failed(Fault fault) implements Outcome {}
  }

  private final UpstreamConnections connections;
  private final InFlightBudget budget;
  private final ForwardedRequest request;
  private final XnioIoThread thread;
  private @Nullable Consumer<Outcome> done;
  private XnioExecutor.@Nullable Key timeout;
  private @Nullable Lease lease;
  private @Nullable BodyReader body;

  CheckExchange(
      UpstreamConnections connections,
      InFlightBudget budget,
      ForwardedRequest request,
      XnioIoThread thread) {
    this.connections = connections;
    this.budget = budget;
    this.request = request;
    this.thread = thread;
  }

  /// Sends the request.
  ///
  /// @param nanos when to give up
  /// @param whenDone receives the outcome, on the I/O thread, once
  void run(long nanos, Consumer<Outcome> whenDone) {
    done = whenDone;
    timeout = thread.executeAfter(() -> fail(Fault.TIMEOUT), nanos, TimeUnit.NANOSECONDS);
    open(false);
  }

  private void open(boolean fresh) {
    connections.open(thread, fresh, this::send, _ -> fail(Fault.CONNECT));
  }

  private void send(Lease opened) {
    if (done == null) {
      connections.giveBack(opened);
      return;
    }
    lease = opened;
    String target =
        request.subTarget();
    HttpConnection connection = opened.connection();
    try {
      connection.send(
          RelayRequest.check(request, target, connections.authority()), new AnswerReceiver());
      connection.endRequest();
    } catch (IOException unsendable) {
      fail(Fault.BROKEN);
    }
  }

  private final class AnswerReceiver implements HttpConnection.Receiver {
    @Override
    public void answered(ResponseHead head) {
      HeaderLines headers = withoutLength(HopByHop.removeFrom(head.headers()));
      body = new BodyReader(lease().connection().answerBody(), connections.buffers(), budget);
      body.read(
          bytes -> succeed(new Answer(head.status(), headers, bytes)), CheckExchange.this::fail);
    }

    @Override
    public void failed(IOException reason) {
      broken(reason);
    }
  }

  /// Lengths are those of the connection; the server gives the answer its own.
  private static HeaderLines withoutLength(HeaderLines headers) {
    return headers.count("Content-Length") == 0
        ? headers
        : HeaderLines.of(headers.lines().stream().filter(line -> !isLength(line)).toList());
  }

  private static boolean isLength(HeaderLine line) {
    return line.is("Content-Length");
  }

  private Lease lease() {
    if (lease == null) {
      throw new IllegalStateException("not connected");
    }
    return lease;
  }

  private void broken(IOException reason) {
    if (done != null && lease != null && lease.reused() && !lease.connection().answerBegun()) {
      lease.connection().close();
      lease = null;
      open(true);
    } else {
      fail(UpstreamFaults.kind(reason, lease != null && lease.connection().answerBegun()));
    }
  }

  private void succeed(Answer answer) {
    Lease used = lease();
    Consumer<Outcome> receiver = end();
    if (receiver != null) {
      connections.giveBack(used);
      receiver.accept(new Outcome.Answered(answer));
    }
  }

  private void fail(Fault fault) {
    Consumer<Outcome> receiver = end();
    if (receiver != null) {
      if (lease != null) {
        lease.connection().close();
      }
      receiver.accept(new Outcome.Failed(fault));
    }
  }

  private @Nullable Consumer<Outcome> end() {
    Consumer<Outcome> receiver = done;
    done = null;
    if (timeout != null) {
      timeout.remove();
      timeout = null;
    }
    if (body != null) {
      body.close();
      body = null;
    }
    return receiver;
  }
}
