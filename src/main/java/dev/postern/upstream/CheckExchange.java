package dev.postern.upstream;

import dev.postern.net.ForwardedRequest;
import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import dev.postern.net.HopByHop;
import dev.postern.upstream.wire.ResponseHead;
import dev.postern.verdict.InFlightBudget;
import dev.postern.verdict.UpstreamResponse;
import dev.postern.verdict.Verdict.Fault;
import dev.postern.verdict.VerdictSource;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// One forward-auth request to the upstream and its whole response, on one event loop. The
/// request's header bytes are sent exactly as received.
final class CheckExchange implements UpstreamClient.Receiver {
  sealed interface Outcome {
    record Answered(UpstreamResponse response) implements Outcome {}

    record Failed(Fault fault) implements Outcome {}
  }

  private final UpstreamClient client;
  private final InFlightBudget budget;
  private final ForwardedRequest request;
  private final String clientAddress;
  private final EventLoop loop;
  private @Nullable Consumer<Outcome> done;
  private @Nullable Future<?> timeout;
  private UpstreamClient.@Nullable Call call;
  private @Nullable CollectedBody body;

  CheckExchange(
      UpstreamClient client, InFlightBudget budget, VerdictSource.Call call, EventLoop loop) {
    this.client = client;
    this.budget = budget;
    this.request = call.request();
    this.clientAddress = call.client();
    this.loop = loop;
  }

  /// Sends the request.
  ///
  /// @param nanos time limit
  /// @param whenDone receives the outcome, on the event loop, once
  void run(long nanos, Consumer<Outcome> whenDone) {
    done = whenDone;
    timeout = loop.schedule(this::expired, nanos, TimeUnit.NANOSECONDS);
    call =
        client.sendCheck(
            loop, RelayRequest.check(request, request.subTarget(), client.authority()), this);
  }

  @Override
  public void responded(ResponseHead head, BodySource source) {
    HeaderLines headers = withoutLength(HopByHop.removeFromResponse(head.headers()));
    body =
        new CollectedBody(
            budget,
            clientAddress,
            bytes -> end(new Outcome.Answered(new UpstreamResponse(head.status(), headers, bytes))),
            this::fail);
    source.start(body);
  }

  @Override
  public void failed(Fault fault, IOException reason) {
    fail(fault);
  }

  /// Lengths belong to the connection; the entry point sets the response's own.
  private static HeaderLines withoutLength(HeaderLines headers) {
    return headers.count("Content-Length") == 0
        ? headers
        : HeaderLines.of(headers.lines().stream().filter(line -> !isLength(line)).toList());
  }

  private static boolean isLength(HeaderLine line) {
    return line.is("Content-Length");
  }

  private void expired() {
    if (call != null) {
      call.timedOut();
    }
    fail(Fault.TIMEOUT);
  }

  private void fail(Fault fault) {
    if (call != null) {
      call.cancel();
    }
    end(new Outcome.Failed(fault));
  }

  private void end(Outcome outcome) {
    Consumer<Outcome> receiver = done;
    done = null;
    if (timeout != null) {
      timeout.cancel(false);
    }
    if (body != null) {
      body.close();
      body = null;
    }
    if (receiver != null) {
      receiver.accept(outcome);
    }
  }
}
