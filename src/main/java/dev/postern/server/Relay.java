package dev.postern.server;

import dev.postern.config.UpstreamConfig;
import dev.postern.net.HeaderLines;
import dev.postern.net.HopByHop;
import dev.postern.upstream.Admission;
import dev.postern.upstream.BodySink;
import dev.postern.upstream.BodySource;
import dev.postern.upstream.ClientShare;
import dev.postern.upstream.RelayRequest;
import dev.postern.upstream.UpstreamClient;
import dev.postern.upstream.wire.RequestHead;
import dev.postern.upstream.wire.ResponseHead;
import dev.postern.verdict.InFlightBudget;
import dev.postern.verdict.UpstreamResponse;
import dev.postern.verdict.Verdict.Fault;
import dev.postern.verdict.Verdict.Unavailable;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One relayed request: bodies stream both ways, nothing is buffered whole. Everything runs on the
/// event loop of the request.
///
/// The head goes to the upstream without waiting for the body. A response may begin before the
/// request has ended; it is passed on, and when it has ended the rest of the request is not needed.
///
/// There are two rules of time. A request that may change a session (start, callback, sign-out) has
/// [Limits#whole] for everything. Any other waits [Resources#timeout] for the head of its response,
/// counted from the end of its request, while its bodies may take as long as they make progress.
final class Relay {
  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

  private static final UpstreamResponse SLOW_REQUEST =
      Responses.refusal(408, "The body of the request came too slowly.");

  /// Limits of time and rate.
  ///
  /// @param waiting how long a request waits for a place
  /// @param whole how long a request that may change a session may take in all
  /// @param pace how slowly bodies may move
  record Limits(Duration waiting, Duration whole, Pace pace) {
    /// Traefik gives up a check after 30 s (docs/design/traefik.md section 1.6). The outpost limits
    /// writing a response to 60 s (docs/design/authentik.md section 1.1).
    static final Limits STANDARD =
        new Limits(Duration.ofSeconds(25), Duration.ofSeconds(60), Pace.STANDARD);
  }

  /// What relays work with.
  ///
  /// @param client sends requests to the upstream
  /// @param places places for requests without a body
  /// @param bodyPlaces places for requests with a body, which their clients can hold for long
  /// @param budget bytes that requests on their way may hold
  /// @param timeout how long the head of the response may take after the end of the request
  /// @param limits limits of time and rate
  record Resources(
      UpstreamClient client,
      Admission places,
      Admission bodyPlaces,
      InFlightBudget budget,
      Duration timeout,
      Limits limits) {
    /// Makes the parts. Relays have places, and so connections, beside those of checks: half as
    /// many for requests without a body and a quarter as many for requests with one, so that
    /// neither a flood of them nor bodies that never come keep a check waiting.
    ///
    /// @param client sends requests to the upstream
    /// @param config the upstream, with the number of places for checks
    /// @param budget bytes that requests on their way may hold
    static Resources of(UpstreamClient client, UpstreamConfig config, InFlightBudget budget) {
      return new Resources(
          client, share(config, 2), share(config, 4), budget, config.timeout(), Limits.STANDARD);
    }

    private static Admission share(UpstreamConfig config, int part) {
      return new Admission(Math.max(1, config.maxConcurrent() / part), config.maxQueued() / part);
    }
  }

  /// What becomes of a response of the upstream.
  sealed interface Next {
    /// It is passed on.
    ///
    /// @param headers the header lines to send, without those of the connection
    record Pass(HeaderLines headers) implements Next {}

    /// Another one is sent in its place.
    ///
    /// @param response the whole response
    record Replace(UpstreamResponse response) implements Next {}

    /// It is dropped, and the outcome responds to the exchange itself. Nothing is held for the
    /// relay any more then.
    ///
    /// @param response what responds, now or later
    record HandOver(Runnable response) implements Next {}
  }

  /// Learns how a relayed request ends, before the first byte of its response is written.
  interface Outcome {
    /// The request has got its place and is being sent.
    default void asked() {}

    /// The upstream has responded, or never will. Called once.
    ///
    /// @param head the head of its response, or null when there is none
    void known(@Nullable ResponseHead head);

    /// What becomes of the response. Called after [#known], unless the client is gone.
    ///
    /// @param head the head of the response
    /// @return what to do
    default Next next(ResponseHead head) {
      return new Next.Pass(passedOn(head));
    }

    /// Whether the request may change a session. It is finished even when its client has gone: what
    /// is remembered of the session depends on its outcome.
    ///
    /// @return whether the response is waited for, at most [Limits#whole] in all
    default boolean finishesAfterAbort() {
      return false;
    }
  }

  private final Resources parts;
  private final Exchange exchange;
  private final RequestHead request;
  private final String client;
  private final Outcome outcome;
  private final EventLoop loop;
  private final @Nullable BodySource requestBody;
  private long heldBytes;
  private Admission.@Nullable Ticket place;
  private UpstreamClient.@Nullable Call call;
  private @Nullable Future<?> timer;
  private @Nullable Future<?> wholeTimer;
  private @Nullable Progress progress;
  private boolean requestEnded;
  private boolean known;
  private boolean passing;
  private boolean clientGone;
  private boolean over;

  /// Makes a relay; nothing is sent yet.
  ///
  /// @param parts what it works with
  /// @param exchange the request to respond to
  /// @param request what to send to the upstream
  /// @param client whom the place and the bytes are counted for
  /// @param outcome learns how it ends
  Relay(Resources parts, Exchange exchange, RequestHead request, String client, Outcome outcome) {
    this.parts = parts;
    this.exchange = exchange;
    this.request = request;
    this.client = client;
    this.outcome = outcome;
    this.loop = exchange.eventLoop();
    this.requestBody = exchange.hasBody() ? exchange.body() : null;
    this.requestEnded = requestBody == null;
  }

  /// The header lines of a response that is passed on as it is: without those of the connection,
  /// and not to be stored where it says nothing about storing (invariant 10).
  ///
  /// @param head the head of the upstream's response
  /// @return lines to send
  static HeaderLines passedOn(ResponseHead head) {
    return Responses.notStored(HopByHop.removeFromResponse(head.headers()));
  }

  /// Asks for a place and begins when it is there.
  void enter() {
    exchange.whenOver(completion -> {
      if (!completion.complete()) {
        guarded(this::clientGone);
      }
    });
    long bytes = request.headers().bytes();
    Fault full = parts.budget().take(client, bytes);
    if (full != null) {
      fail(full);
      return;
    }
    heldBytes = bytes;
    Admission admission = requestBody == null ? parts.places() : parts.bodyPlaces();
    place =
        admission.enter(ClientShare.of(client), () -> loop.execute(() -> guarded(this::admitted)));
    if (place == null) {
      fail(admission.whyRefused());
      return;
    }
    arm(parts.limits().waiting(), Fault.OVERLOAD);
    if (outcome.finishesAfterAbort()) {
      wholeTimer = schedule(parts.limits().whole(), () -> late(Fault.TIMEOUT));
    }
  }

  /// Whatever happens within a callback, the client gets a response and the place is given back.
  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error broken) {
      LOG.atError()
          .setCause(broken)
          .log("A relayed request failed within Postern; please report this");
      fail(Fault.INTERNAL);
    }
  }

  private Future<?> schedule(Duration time, Runnable step) {
    return loop.schedule(() -> guarded(step), time.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void arm(Duration time, Fault fault) {
    disarm();
    timer = schedule(time, () -> late(fault));
  }

  private void disarm() {
    cancel(timer);
    timer = null;
  }

  private static void cancel(@Nullable Future<?> timer) {
    if (timer != null) {
      timer.cancel(false);
    }
  }

  private void late(Fault fault) {
    if (call != null) {
      call.timedOut();
    }
    fail(fault);
  }

  private void admitted() {
    if (over) {
      return;
    }
    disarm();
    outcome.asked();
    if (requestBody == null) {
      awaitHead();
      send(request, null);
    } else {
      Progress upload = watch();
      send(
          RelayRequest.withBody(request),
          new WatchedSource(requestBody, upload, this::requestEnded));
    }
  }

  /// A request that may change a session has a limit for everything already.
  private void awaitHead() {
    if (!outcome.finishesAfterAbort()) {
      arm(parts.timeout(), Fault.TIMEOUT);
    }
  }

  private Progress watch() {
    stopWatching();
    Progress watched = new Progress(loop, parts.limits().pace(), this::tooSlow);
    progress = watched;
    return watched;
  }

  private void stopWatching() {
    if (progress != null) {
      progress.stop();
      progress = null;
    }
  }

  /// A client that sends too slowly gets a sentence of its own; an upstream that reads too slowly
  /// is late.
  private void tooSlow(boolean receiverIsSlow) {
    guarded(() -> {
      if (passing || receiverIsSlow) {
        late(Fault.TIMEOUT);
      } else {
        refuse(SLOW_REQUEST);
      }
    });
  }

  private void send(RequestHead head, @Nullable BodySource body) {
    call = parts.client().send(loop, head, body, new ResponseReceiver());
    if (over) {
      call.cancel();
    }
  }

  private void requestEnded() {
    requestEnded = true;
    if (!known && !over) {
      stopWatching();
      awaitHead();
    }
  }

  private final class ResponseReceiver implements UpstreamClient.Receiver {
    @Override
    public void responded(ResponseHead head, BodySource body) {
      if (over) {
        body.cancel();
      } else {
        guarded(() -> Relay.this.responded(head, body));
      }
    }

    @Override
    public void failed(Fault fault, IOException reason) {
      guarded(() -> fail(fault));
    }
  }

  private void responded(ResponseHead head, BodySource body) {
    known = true;
    disarm();
    stopWatching();
    outcome.known(head);
    if (clientGone) {
      body.cancel();
      end();
      return;
    }
    switch (outcome.next(head)) {
      case Next.Pass(HeaderLines headers) -> pass(head.status(), headers, body);
      case Next.Replace(UpstreamResponse response) -> {
        body.cancel();
        refuse(response);
      }
      case Next.HandOver(Runnable response) -> {
        body.cancel();
        end();
        response.run();
      }
    }
  }

  private void pass(int status, HeaderLines headers, BodySource body) {
    passing = true;
    cancel(wholeTimer);
    Progress download = watch();
    BodySink sink = exchange.begin(status, headers);
    sink.whenWritable(() -> {
      download.resumed();
      body.resume();
    });
    body.start(new WatchedSink(sink, download, this::end));
  }

  /// A request that may change a session and has been sent whole is finished without its client.
  private void clientGone() {
    clientGone = true;
    boolean finishes = outcome.finishesAfterAbort() && requestEnded && !known;
    if (!over && !finishes) {
      end();
    }
  }

  /// Says what went wrong, or breaks the response off where it has begun: a part of it must not
  /// look like all of it.
  private void fail(Fault fault) {
    if (over) {
      return;
    }
    if (passing || exchange.isResponseBegun()) {
      end();
      exchange.abort();
    } else {
      refuse(Unavailable.because(fault).response());
    }
  }

  /// Sends a response that is there as a whole.
  private void refuse(UpstreamResponse response) {
    end();
    if (!exchange.isOver()) {
      Responses.replace(exchange, response);
    }
  }

  /// Gives everything back, once. Whatever the end was, its outcome is known by now or here.
  private void end() {
    if (over) {
      return;
    }
    over = true;
    disarm();
    cancel(wholeTimer);
    stopWatching();
    try {
      if (!known) {
        outcome.known(null);
      }
    } finally {
      if (call != null) {
        call.cancel();
      }
      if (place != null) {
        place.leave();
      }
      parts.budget().give(client, heldBytes);
    }
  }
}
