package dev.postern.upstream.probe;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.postern.config.UpstreamConfig;
import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import dev.postern.upstream.BodySink;
import dev.postern.upstream.BodySource;
import dev.postern.upstream.EventLoops;
import dev.postern.upstream.UpstreamClient;
import dev.postern.upstream.wire.RequestHead;
import dev.postern.upstream.wire.ResponseHead;
import dev.postern.verdict.Verdict.Fault;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Requests the upstream's health path the same way as checks do, and waits for the response, so
/// its result is what checks get.
///
/// It sends nothing from clients, and causes no event at the identity provider
/// (docs/design/authentik.md section 1.1).
public final class UpstreamProbe implements UpstreamWatch.Probe {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  /// Enough to recognise the server.
  private static final int MAX_BYTES = 2048;

  private final UpstreamClient client;
  private final EventLoops loops;
  private final ProbeMessages messages;
  private final RequestHead request;
  private final Duration limit;

  private UpstreamProbe(
      UpstreamClient client,
      EventLoops loops,
      ProbeMessages messages,
      RequestHead request,
      Duration limit) {
    this.client = client;
    this.loops = loops;
    this.messages = messages;
    this.request = request;
    this.limit = limit;
  }

  /// Creates a probe; nothing is sent yet.
  ///
  /// @param client the client that checks use
  public static UpstreamProbe of(
      UpstreamClient client, EventLoops loops, UpstreamConfig config, String healthPath) {
    HeaderLines lines =
        HeaderLines.of(
            List.of(
                new HeaderLine("Host", client.authority()),
                new HeaderLine("User-Agent", "Postern")));
    return new UpstreamProbe(
        client,
        loops,
        new ProbeMessages(config.url(), healthPath),
        new RequestHead("GET", healthPath, lines),
        config.timeout().compareTo(LIMIT) < 0 ? config.timeout() : LIMIT);
  }

  @Override
  public Optional<String> trouble() {
    Attempt attempt = new Attempt(loops.current());
    try {
      return attempt.result();
    } catch (IOException e) {
      return Optional.of(messages.broken(e));
    }
  }

  /// One request; everything but [#result] runs on its event loop.
  private final class Attempt implements UpstreamClient.Receiver, BodySink {
    private final EventLoop loop;
    private final CompletableFuture<Optional<String>> result = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private UpstreamClient.@Nullable Call call;
    private int status;

    Attempt(EventLoop loop) {
      this.loop = loop;
    }

    Optional<String> result() throws IOException {
      try {
        loop.execute(this::begin);
        return result.get();
      } catch (RejectedExecutionException stopping) {
        throw new IOException("the program is stopping", stopping);
      } catch (InterruptedException closing) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("closing");
      } catch (ExecutionException failed) {
        throw failed.getCause() instanceof IOException reason ? reason : new IOException(failed);
      }
    }

    private void begin() {
      var timer = loop.schedule(this::late, limit.toNanos(), TimeUnit.NANOSECONDS);
      var _ = result.whenComplete((_, _) -> timer.cancel(false));
      call = client.send(loop, request, null, this);
    }

    private void late() {
      if (call != null) {
        call.timedOut();
      }
      result.completeExceptionally(new SocketTimeoutException("no response in time"));
    }

    /// A 400 may give its reason in the body; for other responses the head is enough.
    @Override
    public void responded(ResponseHead head, BodySource body) {
      status = head.status();
      if (status == 400) {
        body.start(this);
      } else {
        body.cancel();
        answered();
      }
    }

    private void answered() {
      result.complete(messages.answered(status, text.toString()));
    }

    @Override
    public void failed(Fault fault, IOException reason) {
      result.completeExceptionally(reason);
    }

    @Override
    public boolean write(ByteBuf piece) {
      text.append(piece.toString(ISO_8859_1));
      piece.release();
      if (text.length() >= MAX_BYTES && call != null) {
        call.cancel();
        answered();
      }
      return true;
    }

    @Override
    public void end() {
      answered();
    }

    @Override
    public void fail(IOException reason) {
      answered();
    }

    @Override
    public void whenWritable(Runnable callback) {
      // There is always room.
    }
  }
}
