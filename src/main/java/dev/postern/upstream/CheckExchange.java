package dev.postern.upstream;

import dev.postern.http.ForwardedRequest;
import dev.postern.http.HeaderLine;
import dev.postern.http.HeaderLines;
import dev.postern.upstream.UpstreamConnections.Lease;
import dev.postern.verdict.Answer;
import dev.postern.verdict.InFlightBudget;
import dev.postern.verdict.Verdict.Fault;
import io.undertow.client.ClientCallback;
import io.undertow.client.ClientExchange;
import io.undertow.client.ClientResponse;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelExceptionHandler;
import org.xnio.ChannelListener;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;
import org.xnio.XnioIoThread;
import org.xnio.channels.StreamSinkChannel;

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
  private boolean answering;

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
        request.subQuery().isEmpty()
            ? request.subPath()
            : request.subPath() + "?" + request.subQuery();
    opened
        .connection()
        .sendRequest(
            RelayRequest.check(request, target, connections.authority()), callback(this::sent));
  }

  private void sent(ClientExchange exchange) {
    exchange.setResponseListener(callback(this::answered));
    try {
      StreamSinkChannel body = exchange.getRequestChannel();
      body.shutdownWrites();
      if (!body.flush()) {
        body.getWriteSetter()
            .set(
                ChannelListeners.flushingChannelListener(
                    (ChannelListener<StreamSinkChannel>) _ -> {},
                    (ChannelExceptionHandler<StreamSinkChannel>) (_, _) -> broken()));
        body.resumeWrites();
      }
    } catch (IOException e) {
      broken();
    }
  }

  private void answered(ClientExchange exchange) {
    answering = true;
    ClientResponse response = exchange.getResponse();
    HeaderLines headers = UndertowHeaders.endToEnd(response.getResponseHeaders());
    new BodyReader(exchange.getResponseChannel(), lease().connection().getBufferPool(), budget)
        .read(
            body -> succeed(new Answer(response.getResponseCode(), withoutLength(headers), body)),
            this::fail);
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

  private ClientCallback<ClientExchange> callback(Consumer<ClientExchange> completed) {
    return new ClientCallback<>() {
      @Override
      public void completed(ClientExchange exchange) {
        completed.accept(exchange);
      }

      @Override
      public void failed(IOException reason) {
        broken();
      }
    };
  }

  private void broken() {
    if (done != null && lease != null && lease.reused() && !answering) {
      IoUtils.safeClose(lease.connection());
      lease = null;
      open(true);
    } else {
      fail(Fault.BROKEN);
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
        IoUtils.safeClose(lease.connection());
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
    return receiver;
  }
}
