package dev.postern.server;

import dev.postern.http.HeaderLines;
import dev.postern.http.HopByHop;
import dev.postern.server.report.Report;
import dev.postern.upstream.Admission;
import dev.postern.upstream.ClientShare;
import dev.postern.upstream.RelayRequest;
import dev.postern.upstream.UndertowHeaders;
import dev.postern.upstream.UpstreamConnections;
import dev.postern.upstream.UpstreamFaults;
import dev.postern.upstream.wire.HttpConnection;
import dev.postern.upstream.wire.RequestHead;
import dev.postern.upstream.wire.ResponseHead;
import dev.postern.verdict.Answer;
import dev.postern.verdict.InFlightBudget;
import dev.postern.verdict.Verdict.Fault;
import dev.postern.verdict.Verdict.Unavailable;
import io.undertow.connector.ByteBufferPool;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.Protocols;
import io.undertow.util.Transfer;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.channels.StreamSourceChannel;

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
  /// @param budget bytes that requests on their way may hold
  /// @param timeout how long the head of the answer may take
  record Parts(
      UpstreamConnections connections,
      Admission admission,
      ByteBufferPool buffers,
      InFlightBudget budget,
      Duration timeout) {}

  /// Told how a relayed request ends, before the first byte of its answer is written.
  @FunctionalInterface
  interface Outcome {
    /// The upstream has answered, or never will.
    ///
    /// @param head the head of its answer, or null when there is none or nobody waits for it
    void known(@Nullable ResponseHead head);

    /// What to answer in place of the upstream's answer.
    ///
    /// @param head the head of its answer
    /// @return the whole answer, or null for the upstream's own
    default @Nullable Answer instead(ResponseHead head) {
      return null;
    }

    /// What answers in place of the relay, asked after [#known] and before [#instead].
    ///
    /// @return run once the relay has given everything back, or null when the relay answers
    default @Nullable Runnable takesOver() {
      return null;
    }
  }

  private final Parts parts;
  private final HttpServerExchange exchange;
  private final RequestHead request;
  private final String client;
  private final Outcome outcome;
  private long heldBytes;
  private Admission.@Nullable Ticket place;
  private UpstreamConnections.@Nullable Lease lease;
  private XnioExecutor.@Nullable Key timer;
  private boolean over;
  private boolean answered;
  private boolean answerWhole;
  private @Nullable StreamSinkChannel answerSink;

  Relay(
      Parts parts,
      HttpServerExchange exchange,
      RequestHead request,
      String client,
      Outcome outcome) {
    this.parts = parts;
    this.exchange = exchange;
    this.request = request;
    this.client = client;
    this.outcome = outcome;
  }

  /// Asks for a place and begins when it is there.
  void enter() {
    exchange.addExchangeCompleteListener((_, next) -> {
      end();
      next.proceed();
    });
    long bytes = request.headers().bytes();
    if (!parts.budget().take(bytes)) {
      fail(Fault.OVERLOAD);
      return;
    }
    heldBytes = bytes;
    place =
        parts
            .admission()
            .enter(
                ClientShare.of(client),
                () ->
                    exchange
                        .getIoThread()
                        .execute(() -> IoThreads.guarded(exchange, this::admitted)));
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
            .executeAfter(
                () -> IoThreads.guarded(exchange, () -> fail(fault)),
                time.toMillis(),
                TimeUnit.MILLISECONDS);
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
    Report.asked(exchange);
    // A body can be sent only once, so a kept connection that is just being closed would lose it.
    boolean fresh = !exchange.isRequestComplete();
    open(fresh);
  }

  private void open(boolean fresh) {
    parts
        .connections()
        .open(
            exchange.getIoThread(),
            fresh,
            lease -> IoThreads.guarded(exchange, () -> send(lease)),
            _ -> IoThreads.guarded(exchange, () -> fail(Fault.CONNECT)));
  }

  private void send(UpstreamConnections.Lease opened) {
    lease = opened;
    if (over) {
      parts.connections().giveBack(opened);
      return;
    }
    HttpConnection connection = opened.connection();
    boolean hasBody = !exchange.isRequestComplete();
    try {
      StreamSinkChannel sink =
          connection.send(hasBody ? RelayRequest.withBody(request) : request, new AnswerReceiver());
      if (!hasBody) {
        connection.endRequest();
        return;
      }
      Transfer.initiateTransfer(
          exchange.getRequestChannel(),
          sink,
          ChannelListeners.closingChannelListener(),
          _ -> connection.endRequest(),
          (_, _) -> requestBroken(),
          (_, _) -> requestBroken(),
          parts.buffers());
    } catch (IOException unsendable) {
      fail(Fault.BROKEN);
    }
  }

  private final class AnswerReceiver implements HttpConnection.Receiver {
    @Override
    public void answered(ResponseHead head) {
      IoThreads.guarded(exchange, () -> Relay.this.answered(head));
    }

    @Override
    public void failed(IOException reason) {
      IoThreads.guarded(exchange, () -> broken(reason));
    }
  }

  /// An upstream that has answered may leave the rest of the request unread.
  private void requestBroken() {
    if (!answered) {
      fail(Fault.BROKEN);
    }
  }

  private void finish(StreamSinkChannel sink) {
    try {
      sink.shutdownWrites();
      if (!sink.flush()) {
        sink.getWriteSetter()
            .set(ChannelListeners.flushingChannelListener(_ -> {}, (_, _) -> fail(Fault.BROKEN)));
        sink.resumeWrites();
      }
    } catch (IOException e) {
      fail(Fault.BROKEN);
    }
  }

  private void answered(ResponseHead head) {
    if (over) {
      return;
    }
    HeaderLines headers = HopByHop.removeFrom(head.headers());
    answered = true;
    Report.answered(exchange, head.status(), headers);
    outcome.known(head);
    Runnable other = outcome.takesOver();
    if (other != null) {
      end();
      other.run();
      return;
    }
    Answer instead = outcome.instead(head);
    if (instead != null) {
      // Its connection is closed with the body that nobody reads.
      end();
      AnswerWriter.replace(exchange, instead);
      return;
    }
    arm(WHOLE_RELAY, Fault.TIMEOUT);
    UndertowHeaders.addTo(headers, exchange.getResponseHeaders());
    AnswerWriter.forbidStoring(exchange.getResponseHeaders());
    exchange.setStatusCode(head.status());
    StreamSinkChannel sink = exchange.getResponseChannel();
    answerSink = sink;
    Transfer.initiateTransfer(
        lease().connection().answerBody(),
        sink,
        StreamSourceChannel::suspendReads,
        this::finishAnswer,
        (_, _) -> fail(Fault.BROKEN),
        (_, _) -> fail(Fault.BROKEN),
        parts.buffers());
  }

  private void finishAnswer(StreamSinkChannel sink) {
    answerWhole = true;
    finish(sink);
  }

  private UpstreamConnections.Lease lease() {
    if (lease == null) {
      throw new IllegalStateException("not connected");
    }
    return lease;
  }

  private void broken(IOException reason) {
    if (lease != null && lease.reused() && maySendAgain(lease.connection())) {
      lease.connection().close();
      lease = null;
      open(true);
    } else {
      fail(UpstreamFaults.kind(reason, lease != null && lease.connection().answerBegun()));
    }
  }

  /// A kept connection that dies before the answer was most likely closed by the upstream in the
  /// same moment.
  private boolean maySendAgain(HttpConnection connection) {
    return !over && !connection.answerBegun() && exchange.isRequestComplete() && request.isSafe();
  }

  /// Says what went wrong, or breaks the answer off where it has begun: half of it must not look
  /// like all of it.
  private void fail(Fault fault) {
    if (over) {
      return;
    }
    if (answered || exchange.isResponseStarted()) {
      end();
      breakOff();
      return;
    }
    end();
    exchange.getResponseHeaders().clear();
    exchange.getRequestHeaders().remove(Headers.EXPECT);
    AnswerWriter.replace(exchange, Unavailable.because(fault).answer());
  }

  /// Over HTTP/2 the stream alone is reset: its connection carries other people's requests.
  private void breakOff() {
    if (exchange.getProtocol().equals(Protocols.HTTP_2_0)) {
      IoUtils.safeClose(answerSink);
    } else {
      IoUtils.safeClose(exchange.getConnection());
    }
  }

  /// Gives everything back, once. Whatever the end was, its outcome is told by now or here.
  private void end() {
    if (over) {
      return;
    }
    over = true;
    disarm();
    try {
      if (!answered) {
        outcome.known(null);
      }
    } finally {
      giveBack();
    }
  }

  private void giveBack() {
    parts.budget().give(heldBytes);
    if (place != null) {
      place.leave();
    }
    if (lease != null) {
      if (answerWhole) {
        parts.connections().giveBack(lease);
      } else {
        lease.connection().close();
      }
    }
  }
}
