package dev.postern.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.postern.net.HeaderLines;
import dev.postern.upstream.BodySink;
import dev.postern.upstream.BodySource;
import dev.postern.verdict.CacheStatus;
import dev.postern.verdict.Entry;
import dev.postern.verdict.UpstreamResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A request on a real event loop; the test sends its body and reads its response.
final class LoopExchange implements Exchange {
  private final EventLoop loop;
  private final boolean hasBody;
  private final List<Consumer<Completion>> listeners = new ArrayList<>();
  private final StringBuilder sent = new StringBuilder();
  private @Nullable BodySink requestSink;
  private Runnable whenWritable = () -> {};
  private HeaderLines lines = HeaderLines.of(List.of());
  private boolean isFull;
  private volatile boolean paused;
  private boolean begun;
  private @Nullable Completion completion;

  /// Completed when a response has begun.
  final CompletableFuture<Integer> status = new CompletableFuture<>();

  /// Completed when the exchange is over, with whether its response is complete.
  final CompletableFuture<Boolean> over = new CompletableFuture<>();

  /// Completed when the relay starts to read the body.
  final CompletableFuture<Void> bodyStarted = new CompletableFuture<>();

  /// Completed when the rest of the body is no longer needed.
  final CompletableFuture<Void> bodyCancelled = new CompletableFuture<>();

  /// Received bytes of the response's body.
  final AtomicLong received = new AtomicLong();

  /// Consumed bytes of the request's body.
  final AtomicLong uploaded = new AtomicLong();

  LoopExchange(EventLoop loop, boolean hasBody) {
    this.loop = loop;
    this.hasBody = hasBody;
  }

  HeaderLines lines() {
    return lines;
  }

  String responseBody() {
    return sent.toString();
  }

  /// Sets whether the receiver of the response is full.
  void full(boolean full) {
    loop.execute(() -> {
      isFull = full;
      if (!full) {
        whenWritable.run();
      }
    });
  }

  /// A piece of the request's body arrives.
  void send(String piece) {
    loop.execute(() -> sink().write(Unpooled.copiedBuffer(piece, ISO_8859_1)));
  }

  /// Sends an endless body, as fast as it is read.
  void sendForEver() {
    loop.execute(this::pour);
  }

  private void pour() {
    paused = false;
    while (!paused && completion == null && !bodyCancelled.isDone()) {
      uploaded.addAndGet(8192);
      paused = !sink().write(Unpooled.wrappedBuffer(new byte[8192]));
    }
  }

  /// Whether the reader of the endless body has paused.
  boolean isPaused() {
    return paused;
  }

  void endBody() {
    loop.execute(() -> sink().end());
  }

  void breakBody() {
    loop.execute(() -> sink().fail(new IOException("the client is gone")));
  }

  /// The client leaves.
  void cancelByClient() {
    loop.execute(() -> over(false));
  }

  private BodySink sink() {
    if (requestSink == null) {
      throw new IllegalStateException("not started");
    }
    return requestSink;
  }

  private void over(boolean complete) {
    if (completion == null) {
      int last = status.getNow(0);
      completion = new Completion(last, lines, received.get(), uploaded.get(), complete);
      List.copyOf(listeners).forEach(listener -> listener.accept(completion));
      over.complete(complete);
    }
  }

  @Override
  public EventLoop eventLoop() {
    return loop;
  }

  @Override
  public Head head() {
    return new Head("POST", "/", "HTTP/1.1", "http", "app.example", HeaderLines.of(List.of()));
  }

  @Override
  public InetSocketAddress peer() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711);
  }

  @Override
  public int localPort() {
    return 9000;
  }

  @Override
  public @Nullable TlsSession tls() {
    return null;
  }

  @Override
  public boolean hasBody() {
    return hasBody;
  }

  @Override
  public boolean countFor(String client) {
    return true;
  }

  @Override
  public BodySource body() {
    return new BodySource() {
      @Override
      public void start(BodySink sink) {
        requestSink = sink;
        bodyStarted.complete(null);
      }

      @Override
      public void resume() {
        if (paused) {
          pour();
        }
      }

      @Override
      public void cancel() {
        bodyCancelled.complete(null);
      }
    };
  }

  @Override
  public void respond(Entry entry, @Nullable String echoedValue, CacheStatus from) {
    throw new UnsupportedOperationException("relays have no entries");
  }

  @Override
  public void respond(UpstreamResponse response) {
    if (completion == null) {
      BodySink sink = begin(response.status(), response.headers());
      sink.write(Unpooled.wrappedBuffer(response.body()));
      sink.end();
    }
  }

  @Override
  public BodySink begin(int newStatus, HeaderLines headers) {
    begun = true;
    lines = headers;
    status.complete(newStatus);
    return new BodySink() {
      @Override
      public boolean write(ByteBuf piece) {
        received.addAndGet(piece.readableBytes());
        if (received.get() < 1 << 20) {
          sent.append(piece.toString(ISO_8859_1));
        }
        piece.release();
        return !isFull;
      }

      @Override
      public void end() {
        over(true);
      }

      @Override
      public void fail(IOException reason) {
        over(false);
      }

      @Override
      public void whenWritable(Runnable callback) {
        whenWritable = callback;
      }
    };
  }

  @Override
  public boolean isResponseBegun() {
    return begun;
  }

  @Override
  public void abort() {
    over(false);
  }

  @Override
  public boolean isOver() {
    return completion != null;
  }

  @Override
  public void whenOver(Consumer<Completion> listener) {
    if (completion == null) {
      listeners.add(listener);
    } else {
      listener.accept(completion);
    }
  }

  @Override
  public void closeAfterResponse() {
    // There is no connection.
  }
}
