package dev.postern.upstream;

import dev.postern.verdict.InFlightBudget;
import dev.postern.verdict.Preset;
import dev.postern.verdict.UpstreamResponse;
import dev.postern.verdict.Verdict;
import dev.postern.verdict.Verdict.Fault;
import dev.postern.verdict.VerdictReader;
import dev.postern.verdict.VerdictSource;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Gets verdicts from the outpost.
///
/// A call waits for a place (see [Admission]), then uses a kept connection or a new one. The
/// response is buffered completely, because an incomplete response is no verdict. The configured
/// timeout limits the call, the caller's deadline limits queueing and call together. If an option
/// ends a call before the configured timeout, it gets a fault of its own.
public final class OutpostClient implements VerdictSource {
  private static final Logger LOG = LoggerFactory.getLogger(OutpostClient.class);

  private final UpstreamClient client;
  private final Admission admission;
  private final VerdictReader reader;
  private final InFlightBudget budget;
  private final EventLoops loops;
  private final Duration timeout;
  private final LongSupplier ticker;

  /// Collaborators of the client.
  ///
  /// @param budget limits the bytes of responses in flight
  /// @param ticker monotonic nanoseconds, the clock of the deadlines
  public record Resources(
      UpstreamClient client,
      Admission admission,
      InFlightBudget budget,
      EventLoops loops,
      LongSupplier ticker) {}

  private OutpostClient(Resources parts, VerdictReader reader, Duration timeout) {
    this.client = parts.client();
    this.admission = parts.admission();
    this.budget = parts.budget();
    this.loops = parts.loops();
    this.ticker = parts.ticker();
    this.reader = reader;
    this.timeout = timeout;
  }

  /// Makes the client for checks.
  ///
  /// @param timeout limit of one call, including connecting
  public static OutpostClient of(Resources parts, Preset preset, Duration timeout) {
    return new OutpostClient(parts, new VerdictReader(preset, new JwtReader()), timeout);
  }

  @Override
  public void check(Call call, Consumer<Verdict> done) {
    EventLoop loop = loops.current();
    Attempt attempt = new Attempt(call, loop, done);
    if (loop.inEventLoop()) {
      attempt.enter();
      return;
    }
    try {
      loop.execute(attempt::enter);
    } catch (RejectedExecutionException stopping) {
      done.accept(Verdict.Unavailable.because(Fault.STOPPING));
    }
  }

  /// One call, from queueing to its verdict, on one event loop.
  private final class Attempt {
    private final Call call;
    private final EventLoop loop;
    private final Consumer<Verdict> done;
    private Admission.@Nullable Ticket place;
    private @Nullable Future<?> waiting;

    Attempt(Call call, EventLoop loop, Consumer<Verdict> done) {
      this.call = call;
      this.loop = loop;
      this.done = done;
    }

    void enter() {
      place = admission.enter(ClientShare.of(call.client()), () -> loop.execute(this::admitted));
      if (place == null) {
        done.accept(Verdict.Unavailable.because(admission.whyRefused()));
        return;
      }
      waiting = loop.schedule(this::waitedTooLong, remainingNanos(), TimeUnit.NANOSECONDS);
    }

    private long remainingNanos() {
      return Math.max(0, call.deadline().nanos() - ticker.getAsLong());
    }

    private void waitedTooLong() {
      if (waiting == null) {
        // Admitted at the same moment as it timed out.
        return;
      }
      waiting = null;
      finish(Verdict.Unavailable.because(admission.whyWaiting()));
    }

    private void admitted() {
      if (waiting == null) {
        // Admitted at the same moment as it timed out.
        return;
      }
      waiting.cancel(false);
      waiting = null;
      long remaining = remainingNanos();
      Fault late =
          call.deadline().ofOption() && remaining < timeout.toNanos()
              ? Fault.OPTION_TIMEOUT
              : Fault.TIMEOUT;
      new CheckExchange(client, budget, call, loop)
          .run(Math.min(timeout.toNanos(), remaining), outcome -> finish(read(outcome, late)));
    }

    /// Whatever a response makes the readers throw, the place is released and the caller gets a
    /// verdict.
    private Verdict read(CheckExchange.Outcome outcome, Fault late) {
      try {
        return verdict(outcome, late);
      } catch (RuntimeException | Error unreadable) {
        LOG.atError()
            .setCause(unreadable)
            .log("A response of the identity provider could not be read; please report this");
        return Verdict.Unavailable.because(Fault.INTERNAL);
      }
    }

    /// @param late the fault to report on a timeout
    private Verdict verdict(CheckExchange.Outcome outcome, Fault late) {
      return switch (outcome) {
        case CheckExchange.Outcome.Answered(UpstreamResponse response) ->
            reader.read(response, call.hasCredential());
        case CheckExchange.Outcome.Failed(Fault fault) ->
            Verdict.Unavailable.because(fault == Fault.TIMEOUT ? late : fault);
      };
    }

    private void finish(Verdict verdict) {
      try {
        if (place != null) {
          place.leave();
        }
      } finally {
        done.accept(verdict);
      }
    }
  }
}
