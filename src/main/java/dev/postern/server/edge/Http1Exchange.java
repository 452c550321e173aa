package dev.postern.server.edge;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.postern.net.HeaderLines;
import dev.postern.upstream.BodySink;
import dev.postern.verdict.CacheStatus;
import dev.postern.verdict.Entry;
import dev.postern.verdict.UpstreamResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// One request over HTTP/1.1.
final class Http1Exchange extends EdgeExchange {
  private static final byte[] CLOSE = "Connection: close\r\n".getBytes(US_ASCII);
  private static final byte[] KEEP_ALIVE = "Connection: keep-alive\r\n".getBytes(US_ASCII);
  private static final byte[] CHUNKED = "Transfer-Encoding: chunked\r\n".getBytes(US_ASCII);
  private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(US_ASCII);
  private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(US_ASCII);
  private static final byte[] LINE_END = "\r\n".getBytes(US_ASCII);

  /// Larger bodies keep their own buffer, which is counted while it waits to be read.
  private static final int SMALL_BODY_BYTES = 8 * 1024;

  private final Http1Connection connection;
  private final Http1Head request;
  private final @Nullable ChunkedBody chunks;
  private long left;
  private @Nullable BodySink sink;
  private boolean paused;
  private boolean requestRead;
  private boolean endGiven;
  private boolean continueSent;
  private boolean keepsAlive;
  private boolean responseSent;
  private long discarded;
  private @Nullable Runnable writable;
  private long bodyProgress;

  Http1Exchange(Http1Connection connection, Peer peer, Http1Head request, long cost) {
    super(
        peer,
        new Head(
            request.method(),
            request.target(),
            request.protocol(),
            peer.scheme(),
            request.authority(),
            request.lines()),
        cost);
    this.connection = connection;
    this.request = request;
    this.keepsAlive = request.keepsAlive();
    this.chunks = request.contentLength() == Http1Head.CHUNKED ? new ChunkedBody() : null;
    this.left = chunks == null ? request.contentLength() : 0;
    this.requestRead = !request.hasBody();
  }

  @Override
  public boolean hasBody() {
    return request.hasBody();
  }

  // The body.

  @Override
  public void start(BodySink target) {
    sink = target;
    bodyProgress = connection().loop().now();
    if (awaitsContinue() && !isResponseBegun() && !isOver()) {
      continueSent = true;
      connection.write(Unpooled.wrappedBuffer(CONTINUE));
      connection.flush();
    }
    connection.process();
  }

  @Override
  public void resume() {
    paused = false;
    bodyProgress = connection().loop().now();
    connection.process();
  }

  @Override
  public void cancel() {
    sink = null;
    endGiven = true;
    connection.process();
  }

  /// Whether the client waits for `100 Continue` before it sends the body.
  private boolean awaitsContinue() {
    return request.expectsContinue() && !continueSent && received() == 0 && !requestRead;
  }

  private boolean isBodyWanted() {
    return !requestRead && (responseSent || (sink != null && !paused));
  }

  /// Whether the exchange needs more input.
  boolean wantsInput() {
    return isBodyWanted();
  }

  /// Takes one step.
  ///
  /// @param input received bytes
  /// @return whether anything has changed
  boolean step(@Nullable ByteBuf input) {
    if (isBodyWanted() && input != null && input.isReadable()) {
      readBody(input);
      return true;
    }
    BodySink target = sink;
    if (requestRead && target != null && !endGiven && !paused) {
      endGiven = true;
      guarded(target::end);
      return true;
    }
    if (responseSent && requestRead) {
      connection.next(keepsAlive);
      return true;
    }
    return false;
  }

  private void readBody(ByteBuf input) {
    if (!responseSent) {
      // After the response the whole rest of the body has one time limit, as over HTTP/2.
      bodyProgress = connection().loop().now();
    }
    ByteBuf piece;
    try {
      piece = chunks == null ? nextOfLength(input) : chunks.next(input);
      requestRead = chunks == null ? left == 0 : chunks.isEnd();
    } catch (RefusedException e) {
      failBody(e.refusal());
      return;
    }
    if (piece != null) {
      give(piece);
    }
  }

  private ByteBuf nextOfLength(ByteBuf input) {
    int size = (int) Math.min(left, input.readableBytes());
    left -= size;
    return input.readRetainedSlice(size);
  }

  private void give(ByteBuf piece) {
    int size = piece.readableBytes();
    bodyReceived(size);
    BodySink target = sink;
    if (target != null && !responseSent) {
      guarded(() -> paused = !target.write(piece));
      return;
    }
    piece.release();
    discarded += size;
    if (discarded > connection().limits().discardedBytes()) {
      connection.linger();
    }
  }

  /// The body cannot be read further; its reader must not take it for complete.
  private void failBody(Refusal refusal) {
    keepsAlive = false;
    requestRead = true;
    BodySink target = sink;
    sink = null;
    endGiven = true;
    refuse(refusal);
    if (!responseSent) {
      abort();
    }
    if (target != null) {
      guarded(() -> target.fail(new IOException(refusal.sentence())));
    }
    connection.process();
  }

  /// The connection is closed.
  void connectionClosed() {
    BodySink target = sink;
    sink = null;
    boolean broken = target != null && !endGiven;
    endGiven = true;
    finish(false);
    detach();
    if (target != null && broken) {
      guarded(() -> target.fail(new IOException("the client has closed the connection")));
    }
  }

  /// Ends exchanges that exceed a time limit.
  void sweep(long now) {
    if (isBodyWanted() && now - bodyProgress > connection().limits().bodyTime().toNanos()) {
      failBody(Refusal.of(Limit.BODY_PROGRESS));
    }
  }

  // The response.

  @Override
  public void closeAfterResponse() {
    keepsAlive = false;
  }

  /// Closes the connection if the rest of the body is too long to drop, or may never come.
  private void decidePersistence() {
    long rest = chunks == null && !requestRead ? left : 0;
    if (awaitsContinue() || rest > connection().limits().discardedBytes()) {
      keepsAlive = false;
    }
  }

  @Override
  public void respond(Entry entry, @Nullable String echoedValue, CacheStatus status) {
    if (!mayRespond()) {
      return;
    }
    decidePersistence();
    LoopState loop = connection().loop();
    HeadBytes out = loop.scratch();
    Http1Lines lines = new Http1Lines(out);
    lines.entry(entry, echoedValue, status, loop.dateBytes());
    begun(entry.status(), new SentLines(entry, echoedValue, status, loop.lastDate()));
    persistence(out);
    lines.end();
    connection.write(out);
    responseSent();
  }

  @Override
  public void respond(UpstreamResponse response) {
    if (!mayRespond()) {
      return;
    }
    byte[] body = response.body();
    long waiting = body.length > SMALL_BODY_BYTES && !isHeadRequest() ? body.length : 0;
    if (!connection().take(waiting)) {
      connection().exceeded(Limit.MEMORY);
      respond(Refusal.of(Limit.MEMORY).response());
      return;
    }
    decidePersistence();
    ResponseHead head =
        ResponseHead.whole(
            response.status(),
            response.headers(),
            body.length,
            isHeadRequest(),
            connection().loop().date());
    begun(head.status(), head.lines());
    HeadBytes out = writtenHead(head, false);
    if (head.bodiless() || body.length == 0) {
      connection.write(out);
      connection().give(waiting);
    } else if (waiting == 0) {
      out.octets(body);
      connection.write(out);
      bodySent(body.length);
    } else {
      connection.write(out);
      connection.write(Unpooled.wrappedBuffer(body), waiting);
      bodySent(body.length);
    }
    responseSent();
  }

  @Override
  public BodySink begin(int status, HeaderLines headers) {
    if (!mayRespond()) {
      return new Ended();
    }
    ResponseHead head =
        ResponseHead.streamed(status, headers, isHeadRequest(), connection().loop().date());
    begun(status, head.lines());
    boolean chunked = !head.bodiless() && head.contentLength() < 0 && request.minor() == 1;
    if (!head.bodiless() && head.contentLength() < 0 && !chunked) {
      keepsAlive = false;
    }
    connection.write(writtenHead(head, chunked));
    connection.flush();
    return new ResponseSink(head, chunked);
  }

  private HeadBytes writtenHead(ResponseHead head, boolean chunked) {
    HeadBytes out = connection().loop().scratch();
    Http1Lines lines = new Http1Lines(out);
    lines.head(head);
    if (chunked) {
      out.octets(CHUNKED);
    }
    persistence(out);
    lines.end();
    return out;
  }

  private void persistence(HeadBytes out) {
    if (!keepsAlive || connection.isDraining()) {
      keepsAlive = false;
      out.octets(CLOSE);
    } else if (request.minor() == 0) {
      out.octets(KEEP_ALIVE);
    }
  }

  private void responseSent() {
    responseSent = true;
    decidePersistence();
    sink = null;
    endGiven = true;
    bodyProgress = connection().loop().now();
    connection.flush();
    finish(true);
    if (!requestRead && !keepsAlive) {
      connection.linger();
    }
    connection.process();
  }

  @Override
  public void abort() {
    if (!isOver()) {
      finish(false);
      connection.reset();
    }
  }

  /// More of the response can be written.
  void writable() {
    Runnable callback = writable;
    if (callback != null && !isOver()) {
      guarded(callback);
    }
  }

  /// The body of this response.
  private final class ResponseSink implements BodySink {
    private final boolean bodiless;
    private final boolean chunked;
    private final boolean hasLength;
    private long rest;

    ResponseSink(ResponseHead head, boolean chunked) {
      this.bodiless = head.bodiless();
      this.chunked = chunked;
      this.hasLength = head.contentLength() >= 0;
      this.rest = hasLength ? head.contentLength() : Long.MAX_VALUE;
    }

    @Override
    public boolean write(ByteBuf piece) {
      int size = piece.readableBytes();
      if (isOver() || bodiless || size == 0) {
        piece.release();
        return true;
      }
      if (size > rest) {
        // More than declared: the client would read the rest as another response.
        piece.release();
        abort();
        return true;
      }
      rest -= size;
      bodySent(size);
      if (chunked) {
        byte[] line = (Integer.toHexString(size) + "\r\n").getBytes(US_ASCII);
        connection.write(Unpooled.wrappedBuffer(line));
        connection.write(piece);
        connection.write(Unpooled.wrappedBuffer(LINE_END));
      } else {
        connection.write(piece);
      }
      connection.flush();
      return connection.isWritable();
    }

    @Override
    public void end() {
      if (isOver()) {
        return;
      }
      if (!bodiless && hasLength && rest > 0) {
        abort();
        return;
      }
      if (chunked) {
        connection.write(Unpooled.wrappedBuffer(LAST_CHUNK));
      }
      Http1Exchange.this.responseSent();
    }

    @Override
    public void fail(IOException reason) {
      abort();
    }

    @Override
    public void whenWritable(Runnable callback) {
      writable = callback;
    }
  }

  /// The sink for the body of a response that begins after the end of the exchange.
  static final class Ended implements BodySink {
    @Override
    public boolean write(ByteBuf piece) {
      piece.release();
      return true;
    }

    @Override
    public void end() {
      // Nothing to end.
    }

    @Override
    public void fail(IOException reason) {
      // Nothing to abort.
    }

    @Override
    public void whenWritable(Runnable callback) {
      // Everything is dropped, so it is always writable.
    }
  }
}
