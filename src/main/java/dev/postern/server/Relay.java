package dev.postern.server;

import dev.postern.http.HeaderLines;
import dev.postern.upstream.Admission;
import dev.postern.upstream.ClientShare;
import dev.postern.upstream.UndertowHeaders;
import dev.postern.upstream.UpstreamConnections;
import dev.postern.verdict.OutpostEvent;
import dev.postern.verdict.Verdict.Fault;
import dev.postern.verdict.Verdict.Unavailable;
import io.undertow.client.ClientCallback;
import io.undertow.client.ClientExchange;
import io.undertow.client.ClientRequest;
import io.undertow.connector.ByteBufferPool;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.Headers;
import io.undertow.util.Transfer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;
import org.xnio.channels.StreamSinkChannel;

/// One relayed request: bodies stream both ways, nothing is buffered whole. Everything runs on the
/// I/O thread of the request's connection.
final class Relay {
  /// The outpost itself bounds writing an answer by this (authentik-contract 1.1).
  private static final Duration WHOLE_RELAY = Duration.ofSeconds(60);

  /// What relays work with.
  ///
  /// @param connections connections to the upstream
  /// @param admission places at the upstream
  /// @param buffers buffers to stream through
  /// @param timeout how long the head of the answer may take
  record Parts(
      UpstreamConnections connections,
      Admission admission,
      ByteBufferPool buffers,
      Duration timeout) {}

  private final Parts parts;
  private final HttpServerExchange exchange;
  private final ClientRequest request;
  private final String client;
  private final @Nullable OutpostEvent event;
  private Admission.@Nullable Ticket place;
  private UpstreamConnections.@Nullable Lease lease;
  private XnioExecutor.@Nullable Key timer;
  private boolean over;
  private boolean answered;
  private boolean answerWhole;

  Relay(
      Parts parts,
      HttpServerExchange exchange,
      ClientRequest request,
      String client,
      @Nullable OutpostEvent event) {
    this.parts = parts;
    this.exchange = exchange;
    this.request = request;
    this.client = client;
    this.event = event;
  }

  /// Asks for a place and begins when it is there.
  void enter() {
    exchange.addExchangeCompleteListener((_, next) -> {
      end();
      next.proceed();
    });
    place =
        parts
            .admission()
            .enter(ClientShare.of(client), () -> exchange.getIoThread().execute(this::admitted));
    if (place == null) {
      fail(Fault.OVERLOAD);
      return;
    }
    arm(ForwardAuthHandler.DEADLINE, Fault.OVERLOAD);
  }

  private void arm(Duration time, Fault fault) {
    disarm();
    timer =
        exchange
            .getIoThread()
            .executeAfter(() -> fail(fault), time.toMillis(), TimeUnit.MILLISECONDS);
  }

  private void disarm() {
    if (timer != null) {
      timer.remove();
      timer = null;
    }
  }

  private void admitted() {
    if (over) {
      return;
    }
    arm(parts.timeout(), Fault.TIMEOUT);
    // A body can be sent only once, so a kept connection that is just being closed would lose it.
    boolean fresh = !exchange.isRequestComplete();
    HeaderMap headers = request.getRequestHeaders();
    if (fresh && !headers.contains(Headers.CONTENT_LENGTH)) {
      headers.put(Headers.TRANSFER_ENCODING, "chunked");
    }
    parts.connections().open(exchange.getIoThread(), fresh, this::send, _ -> fail(Fault.CONNECT));
  }

  private void send(UpstreamConnections.Lease opened) {
    lease = opened;
    if (over) {
      parts.connections().giveBack(opened);
      return;
    }
    opened.connection().sendRequest(request, callback(this::sent));
  }

  private void sent(ClientExchange call) {
    call.setResponseListener(callback(this::answered));
    StreamSinkChannel sink = call.getRequestChannel();
    if (exchange.isRequestComplete()) {
      finish(sink);
      return;
    }
    Transfer.initiateTransfer(
        exchange.getRequestChannel(),
        sink,
        ChannelListeners.closingChannelListener(),
        this::finish,
        ChannelListeners.closingChannelExceptionHandler(),
        (_, _) -> broken(),
        parts.buffers());
  }

  private void finish(StreamSinkChannel sink) {
    try {
      sink.shutdownWrites();
      if (!sink.flush()) {
        sink.getWriteSetter()
            .set(ChannelListeners.flushingChannelListener(_ -> {}, (_, _) -> broken()));
        sink.resumeWrites();
      }
    } catch (IOException e) {
      broken();
    }
  }

  private void answered(ClientExchange call) {
    if (over) {
      return;
    }
    HeaderLines headers = UndertowHeaders.endToEnd(call.getResponse().getResponseHeaders());
    answered = true;
    settle(headers);
    arm(WHOLE_RELAY, Fault.TIMEOUT);
    UndertowHeaders.addTo(headers, exchange.getResponseHeaders());
    AnswerWriter.forbidStoring(exchange.getResponseHeaders());
    exchange.setStatusCode(call.getResponse().getResponseCode());
    Transfer.initiateTransfer(
        call.getResponseChannel(),
        exchange.getResponseChannel(),
        _ -> answerWhole = true,
        this::finishAnswer,
        (_, _) -> broken(),
        (_, _) -> broken(),
        parts.buffers());
  }

  private void finishAnswer(StreamSinkChannel sink) {
    answerWhole = true;
    finish(sink);
  }

  private void settle(@Nullable HeaderLines headers) {
    if (event != null) {
      event.settle(headers);
    }
  }

  private ClientCallback<ClientExchange> callback(Consumer<ClientExchange> completed) {
    return new ClientCallback<>() {
      @Override
      public void completed(ClientExchange call) {
        completed.accept(call);
      }

      @Override
      public void failed(IOException reason) {
        broken();
      }
    };
  }

  private void broken() {
    if (lease != null && lease.reused() && maySendAgain()) {
      IoUtils.safeClose(lease.connection());
      lease = null;
      parts.connections().open(exchange.getIoThread(), true, this::send, _ -> fail(Fault.CONNECT));
    } else {
      fail(Fault.BROKEN);
    }
  }

  /// A kept connection that dies before the answer was most likely closed by the upstream in the
  /// same moment.
  private boolean maySendAgain() {
    return !over && !answered && exchange.isRequestComplete() && isSafe();
  }

  /// Methods that may be sent twice (RFC 9110 section 9.2.1).
  private boolean isSafe() {
    String method = request.getMethod().toString();
    return method.equals("GET") || method.equals("HEAD") || method.equals("OPTIONS");
  }

  /// Says what went wrong, or breaks the answer off where it has begun: half of it must not look
  /// like all of it.
  private void fail(Fault fault) {
    if (over) {
      return;
    }
    if (answered || exchange.isResponseStarted()) {
      end();
      IoUtils.safeClose(exchange.getConnection());
      return;
    }
    end();
    exchange.getResponseHeaders().clear();
    exchange.getRequestHeaders().remove(Headers.EXPECT);
    AnswerWriter.replace(exchange, Unavailable.because(fault).answer());
  }

  /// Gives everything back, once. Whatever the end was, an event is settled by now or here.
  private void end() {
    if (over) {
      return;
    }
    over = true;
    disarm();
    if (!answered) {
      settle(null);
    }
    if (place != null) {
      place.leave();
    }
    if (lease != null) {
      if (answerWhole) {
        parts.connections().giveBack(lease);
      } else {
        IoUtils.safeClose(lease.connection());
      }
    }
  }
}
