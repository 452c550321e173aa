package dev.postern.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.postern.net.HeaderLine;
import dev.postern.net.HeaderLines;
import dev.postern.upstream.BodySink;
import dev.postern.upstream.BodySource;
import dev.postern.verdict.CacheStatus;
import dev.postern.verdict.Entry;
import dev.postern.verdict.UpstreamResponse;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A request without a connection: the response is recorded, and the test moves the clock.
final class FakeExchange implements Exchange {
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final Head head;
  private final InetSocketAddress peer;
  private final boolean hasBody;
  private final List<Consumer<Completion>> listeners = new ArrayList<>();
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private int status;
  private HeaderLines lines = HeaderLines.of(List.of());
  private boolean begun;
  private boolean aborted;
  private boolean closesConnection;
  private @Nullable Completion completion;

  private FakeExchange(Head head, InetSocketAddress peer, boolean hasBody) {
    this.head = head;
    this.peer = peer;
    this.hasBody = hasBody;
  }

  /// A request without a body from a loopback peer.
  ///
  /// @param target its raw target
  /// @param lines header lines as on the wire
  static FakeExchange of(String method, String target, String... lines) {
    List<HeaderLine> parsed =
        Arrays.stream(lines)
            .map(line -> line.split(": ?", 2))
            .map(parts -> new HeaderLine(parts[0], parts[1]))
            .toList();
    return new FakeExchange(
        new Head(method, target, "HTTP/1.1", "http", "postern", HeaderLines.of(parsed)),
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 4711),
        false);
  }

  /// Declares that the request has a body.
  FakeExchange withBody() {
    return new FakeExchange(head, peer, true);
  }

  /// Sets the address of the peer.
  FakeExchange from(String address) {
    return new FakeExchange(head, new InetSocketAddress(address, 4711), hasBody);
  }

  /// The status of the response, 0 while there is none.
  int status() {
    return status;
  }

  /// The values of a header of the response.
  List<String> values(String name) {
    return lines.lines().stream().filter(line -> line.is(name)).map(HeaderLine::value).toList();
  }

  /// The response's body so far.
  String bodyText() {
    return sent.toString(ISO_8859_1);
  }

  boolean isAborted() {
    return aborted;
  }

  boolean closesConnection() {
    return closesConnection;
  }

  /// Moves the event loop's clock and runs the tasks that are due.
  void pass(long seconds) {
    channel.advanceTimeBy(seconds, TimeUnit.SECONDS);
    channel.runPendingTasks();
    channel.runScheduledPendingTasks();
  }

  /// The client cancels the request.
  void cancelByClient() {
    over(false);
  }

  private void over(boolean complete) {
    if (completion == null) {
      completion = new Completion(status, lines, sent.size(), 0, complete);
      List.copyOf(listeners).forEach(listener -> listener.accept(completion));
    }
  }

  @Override
  public EventLoop eventLoop() {
    return channel.eventLoop();
  }

  @Override
  public Head head() {
    return head;
  }

  @Override
  public InetSocketAddress peer() {
    return peer;
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
        sink.end();
      }

      @Override
      public void resume() {}

      @Override
      public void cancel() {}
    };
  }

  @Override
  public void respond(Entry entry, @Nullable String echoedValue, CacheStatus from) {
    List<HeaderLine> all = new ArrayList<>();
    entry.forEach((name, value) -> all.add(new HeaderLine(name, value)));
    String echoed = entry.echoedHeader();
    if (echoed != null) {
      all.add(new HeaderLine(echoed, String.valueOf(echoedValue)));
    }
    all.add(new HeaderLine("X-Postern-Cache", from.text()));
    respond(new UpstreamResponse(entry.status(), HeaderLines.of(all), new byte[0]));
  }

  @Override
  public void respond(UpstreamResponse response) {
    if (completion == null) {
      BodySink _ = begin(response.status(), response.headers());
      sent.writeBytes(response.body());
      over(true);
    }
  }

  @Override
  public BodySink begin(int newStatus, HeaderLines headers) {
    if (begun) {
      throw new IllegalStateException("there is a response already");
    }
    begun = true;
    status = newStatus;
    lines = headers;
    return new Sink();
  }

  @Override
  public boolean isResponseBegun() {
    return begun;
  }

  @Override
  public void abort() {
    aborted = true;
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
    closesConnection = true;
  }

  private final class Sink implements BodySink {
    @Override
    public boolean write(ByteBuf piece) {
      byte[] bytes = new byte[piece.readableBytes()];
      piece.readBytes(bytes);
      piece.release();
      sent.writeBytes(bytes);
      return true;
    }

    @Override
    public void end() {
      over(true);
    }

    @Override
    public void fail(IOException reason) {
      abort();
    }

    @Override
    public void whenWritable(Runnable callback) {}
  }
}
