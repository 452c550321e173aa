package dev.postern.upstream;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.postern.net.Endpoint;
import dev.postern.net.ForwardedRequest;
import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import dev.postern.net.LoopGuard;
import dev.postern.upstream.CheckExchange.Outcome;
import dev.postern.verdict.InFlightBudget;
import dev.postern.verdict.UpstreamResponse;
import dev.postern.verdict.VerdictSource;
import io.netty.channel.EventLoop;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Calls an upstream, always on the same event loop, so that kept connections are found again.
final class Asking implements AutoCloseable {
  static final Duration LONG = Duration.ofSeconds(10);

  private final EventLoops loops = EventLoops.start();
  private final EventLoop loop = loops.group().next();
  private final InFlightBudget budget = new InFlightBudget(8L << 20);
  private final UpstreamClient client;

  Asking(URI url, @Nullable UpstreamTlsContext tls) {
    this(new UpstreamClient(Endpoint.of(url.toString()), tls, LoopGuard.of(new SecureRandom())));
  }

  Asking(UpstreamClient client) {
    this.client = client;
  }

  EventLoop loop() {
    return loop;
  }

  UpstreamClient client() {
    return client;
  }

  InFlightBudget budget() {
    return budget;
  }

  Outcome ask() throws Exception {
    return ask("GET", LONG);
  }

  Outcome ask(String method, Duration timeout) throws Exception {
    return begin(method, timeout).get(60, TimeUnit.SECONDS);
  }

  /// Calls without waiting.
  CompletableFuture<Outcome> begin(String method, Duration timeout) {
    HeaderLines headers =
        HeaderLines.of(
            List.of(
                new HeaderLine("X-Forwarded-Method", "GET"),
                new HeaderLine("X-Forwarded-Uri", "/"),
                new HeaderLine("cookie", "a=1;  b=\u00e9"),
                new HeaderLine("Cookie", "c=3")));
    ForwardedRequest request = ForwardedRequest.read(method, "/auth", "?a=1", headers);
    CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    VerdictSource.Call call =
        new VerdictSource.Call(request, true, "192.0.2.1", VerdictSource.Deadline.at(0));
    loop.execute(() ->
        new CheckExchange(client, budget, call, loop).run(timeout.toNanos(), outcome::complete));
    return outcome;
  }

  /// Calls and expects a response.
  UpstreamResponse answer() throws Exception {
    return switch (ask()) {
      case Outcome.Answered(UpstreamResponse answer) -> answer;
      case Outcome.Failed failed -> throw new AssertionError(failed);
    };
  }

  static String body(UpstreamResponse answer) {
    return new String(answer.body(), ISO_8859_1);
  }

  @Override
  public void close() {
    loops.close();
  }
}
