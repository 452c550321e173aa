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

/// One relayed request. Bodies are streamed both ways; none is buffered as a whole. Everything runs
/// on the event loop of the request.
///
/// The head goes to the upstream without waiting for the body. A response may begin before the
/// request has ended. It is relayed, and at its end the rest of the request is dropped.
///
/// There are two time limits. A request that may change a session (start, callback, sign-out) has
/// [Limits#whole] in all. Any other waits [Resources#timeout] for the head of its response, counted
/// from the end of its request; its bodies may take any time as long as they make progress.
final class Relay {
  private static final Logger LOG = LoggerFactory.getLogger(Relay.class);

  private static final UpstreamResponse SLOW_REQUEST =
      Responses.refusal(408, "The request's body was sent too slowly.");

  /// Limits of time and rate.
  ///
  /// @param waiting maximum wait for a slot
  /// @param whole maximum time in all for a request that may change a session
  /// @param pace minimum rate of bodies
  record Limits(Duration waiting, Duration whole, Pace pace) {
    /// Traefik's timeout for a check is 30 s (docs/design/traefik.md section 1.6). The outpost
    /// limits writing a response to 60 s (docs/design/authentik.md section 1.1).
    static final Limits STANDARD =
        new Limits(Duration.ofSeconds(25), Duration.ofSeconds(60), Pace.STANDARD);
  }

  /// What all relayed requests share.
  ///
  /// @param places slots for requests without a body
  /// @param bodyPlaces slots for requests with a body, which clients can occupy for a long time
  /// @param budget limits the bytes of requests in flight
  /// @param timeout maximum time from the end of the request to the head of the response
  record Resources(
      UpstreamClient client,
      Admission places,
      Admission bodyPlaces,
      InFlightBudget budget,
      Duration timeout,
      Limits limits) {
    /// Relays have slots, and so connections, separate from those of checks: half as many for
    /// requests without a body and a quarter as many for requests with one. So neither a flood of
    /// them nor bodies that never arrive delay checks.
    ///
    /// @param config the upstream, with the number of slots for checks
    static Resources of(UpstreamClient client, UpstreamConfig config, InFlightBudget budget) {
      return new Resources(
          client, share(config, 2), share(config, 4), budget, config.timeout(), Limits.STANDARD);
    }

    private static Admission share(UpstreamConfig config, int part) {
      return new Admission(Math.max(1, config.maxConcurrent() / part), config.maxQueued() / part);
    }
  }

  /// What to do with a response of the upstream.
  sealed interface Next {
    /// Relay it.
    ///
    /// @param headers the header lines to send, without hop-by-hop ones
    record Pass(HeaderLines headers) implements Next {}

    /// Send another response instead.
    ///
    /// @param response the whole response
    record Replace(UpstreamResponse response) implements Next {}

    /// Drop it; the outcome itself responds. The relay has released its resources by then.
    ///
    /// @param response sends the response, now or later
    record HandOver(Runnable response) implements Next {}
  }

  /// Called at the end of a relayed request, before the first byte of its response is written.
  interface Outcome {
    /// The request has a slot and is being sent.
    default void sending() {}

    /// The upstream has responded, or never will. Called once.
    ///
    /// @param head the head of its response, or null if there is none
    void known(@Nullable ResponseHead head);

    /// Decides about the response. Called after [#known], unless the client has gone.
    ///
    /// @param head the head of the upstream's response
    default Next next(ResponseHead head) {
      return new Next.Pass(passedOn(head));
    }

    /// Whether the request may change a session. It is then completed even if its client has gone,
    /// because entries must be revoked by its outcome.
    ///
    /// @return whether to wait for the response, at most [Limits#whole] in all
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

  /// Creates a relay; [#enter] starts it.
  ///
  /// @param request the head to send to the upstream
  /// @param client the client that the slot and the bytes are counted for
  /// @param outcome is notified of the end
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

  /// The header lines of a response that is relayed unchanged: without hop-by-hop ones, and with
  /// `no-store` if it has no `Cache-Control` (invariant 10).
  ///
  /// @param head the head of the upstream's response
  static HeaderLines passedOn(ResponseHead head) {
    return Responses.notStored(HopByHop.removeFromResponse(head.headers()));
  }

  /// Waits for a slot, then starts.
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

  /// Whatever fails within a callback, the client gets a response and the slot is released.
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
    outcome.sending();
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

  /// A request that may change a session has a limit for the whole already.
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

  /// A client that sends too slowly gets its own message; an upstream that reads too slowly counts
  /// as a timeout.
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

  /// A request that may change a session and was sent completely continues without its client.
  private void clientGone() {
    clientGone = true;
    boolean finishes = outcome.finishesAfterAbort() && requestEnded && !known;
    if (!over && !finishes) {
      end();
    }
  }

  /// Sends the error, or aborts a response that has begun: a part of it must not look complete.
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

  /// Sends a complete response.
  private void refuse(UpstreamResponse response) {
    end();
    if (!exchange.isOver()) {
      Responses.replace(exchange, response);
    }
  }

  /// Releases everything, once. The outcome was notified before, or is now.
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
