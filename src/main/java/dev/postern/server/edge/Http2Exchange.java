package dev.postern.server.edge;

import dev.postern.net.HeaderLines;
import dev.postern.upstream.BodySink;
import dev.postern.verdict.CacheStatus;
import dev.postern.verdict.Entry;
import dev.postern.verdict.UpstreamResponse;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Stream;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// One request over HTTP/2: one stream.
final class Http2Exchange extends EdgeExchange {
  /// Size of the pieces in which a complete response is written, so that a peer that opens no
  /// window is noticed.
  private static final int PIECE_BYTES = 16 * 1024;

  /// The same if the peer's window is too small for the whole response: each piece sent counts as
  /// progress.
  private static final int SLOW_PIECE_BYTES = 4 * 1024;

  private final Http2Session session;
  private final Http2Stream stream;
  private final long declared;
  private final boolean expectsContinue;
  private final Queue<ByteBuf> waiting = new ArrayDeque<>(0);
  private @Nullable BodySink sink;
  private boolean paused;
  private boolean requestRead;
  private boolean endGiven;
  private boolean delivering;
  private boolean responseSent;
  private long discarded;
  private @Nullable Runnable writable;
  private byte[] whole = {};
  private int wholeSent;
  private long counted;
  private int unsentPieces;
  private long progress;
  private long writeProgress;
  private @Nullable Http2Error resetsAfterResponse;
  private boolean refused;

  Http2Exchange(
      Http2Session session, Peer peer, Http2Stream stream, StreamHead head, boolean endOfStream) {
    super(peer, head.head(), head.handOverCost());
    this.session = session;
    this.stream = stream;
    this.requestRead = endOfStream;
    this.declared = head.contentLength();
    this.expectsContinue = !endOfStream && head.expectsContinue();
    this.progress = peer.loop().now();
    this.writeProgress = progress;
    this.hasBody = !endOfStream;
  }

  private final boolean hasBody;

  @Override
  public boolean hasBody() {
    return hasBody;
  }

  /// Why the declared length of the body is invalid, or null.
  @Nullable Refusal lengthRefusal() {
    boolean wrong = declared == -2 || (requestRead && declared > 0);
    return wrong ? Refusal.malformed("The length of the body is ambiguous.") : null;
  }

  // The body.

  @Override
  public void start(BodySink target) {
    sink = target;
    progress = connection().loop().now();
    if (expectsContinue && received() == 0 && !isResponseBegun() && !isOver()) {
      session.writeContinue(stream);
    }
    deliver();
  }

  @Override
  public void resume() {
    paused = false;
    progress = connection().loop().now();
    deliver();
  }

  @Override
  public void cancel() {
    sink = null;
    endGiven = true;
    drop();
  }

  private void deliver() {
    if (delivering) {
      return;
    }
    delivering = true;
    try {
      while (sink != null && !paused && !waiting.isEmpty()) {
        ByteBuf piece = waiting.remove();
        int size = piece.readableBytes();
        give(size);
        BodySink target = sink;
        guarded(() -> paused = !target.write(piece));
        session.consumed(stream, size);
      }
    } finally {
      delivering = false;
    }
    giveEnd();
  }

  private void giveEnd() {
    BodySink target = sink;
    if (target != null && requestRead && !endGiven && waiting.isEmpty()) {
      endGiven = true;
      guarded(target::end);
    }
  }

  /// Receives bytes of the body.
  ///
  /// @return how many of them to add to the flow-control window at once
  int received(ByteBuf data, int padding, boolean endOfStream) {
    int size = data.readableBytes();
    bodyReceived(size);
    if (size > 0 && !responseSent) {
      // Empty frames and padding are no progress. After the response the rest of the body has one
      // time limit: single bytes could otherwise hold the head's memory for days.
      progress = connection().loop().now();
    }
    if (declared >= 0 && (received() > declared || (endOfStream && received() < declared))) {
      malformed("The length of the body is not the one that was declared.");
      return size + padding;
    }
    int used = size + padding;
    if (size > 0) {
      used = take(data, size) ? used : padding;
    }
    if (endOfStream) {
      endOfBody();
    }
    return used;
  }

  /// @return whether the bytes were consumed
  private boolean take(ByteBuf data, int size) {
    BodySink target = sink;
    if (responseSent || isOver() || (target == null && endGiven)) {
      discarded += size;
      if (responseSent && discarded > connection().limits().discardedBytes()) {
        session.reset(stream, Http2Error.NO_ERROR);
      }
      return true;
    }
    if (target != null && !paused && !delivering && waiting.isEmpty()) {
      ByteBuf piece = data.retainedSlice();
      guarded(() -> paused = !target.write(piece));
      return true;
    }
    Limit broken = take(size);
    if (broken != null) {
      refuseBody(Refusal.of(broken));
      return true;
    }
    // A copy, because a few bytes would keep the whole read buffer in memory.
    waiting.add(data.alloc().buffer(size).writeBytes(data, data.readerIndex(), size));
    return false;
  }

  void endOfBody() {
    requestRead = true;
    if (!delivering) {
      giveEnd();
    }
  }

  /// The request has ended with trailers.
  void trailers() {
    if (declared >= 0 && received() != declared) {
      malformed("The length of the body is not the one that was declared.");
      return;
    }
    endOfBody();
  }

  /// The request violates HTTP/2: send an error response and reset the stream (RFC 9113 section
  /// 8.1.1).
  void malformed(String sentence) {
    resetsAfterResponse = Http2Error.PROTOCOL_ERROR;
    if (responseSent) {
      session.reset(stream, Http2Error.PROTOCOL_ERROR);
    } else {
      refuseBody(Refusal.malformed(sentence));
    }
  }

  private void refuseBody(Refusal refusal) {
    BodySink target = sink;
    sink = null;
    endGiven = true;
    drop();
    boolean late = !mayRespond();
    refused = true;
    refuse(refusal);
    if (late && !isOver()) {
      finish(false);
      session.reset(stream, resetCode(Http2Error.INTERNAL_ERROR));
    }
    if (target != null) {
      guarded(() -> target.fail(new IOException(refusal.sentence())));
    }
  }

  private void drop() {
    for (ByteBuf piece = waiting.poll(); piece != null; piece = waiting.poll()) {
      int size = piece.readableBytes();
      piece.release();
      give(size);
      session.consumed(stream, size);
    }
  }

  /// The stream was closed by either side.
  void streamClosed() {
    BodySink target = sink;
    sink = null;
    boolean broken = target != null && !endGiven;
    endGiven = true;
    drop();
    giveBack();
    finish(false);
    detach();
    if (target != null && broken) {
      guarded(() -> target.fail(new IOException("the client has cancelled the request")));
    }
  }

  /// Ends exchanges that exceed a time limit.
  void sweep(long now) {
    EdgeLimits limits = connection().limits();
    boolean awaitsBody = !requestRead && (responseSent || (sink != null && !paused));
    if (awaitsBody && now - progress > limits.bodyTime().toNanos()) {
      if (responseSent) {
        session.reset(stream, Http2Error.NO_ERROR);
      } else {
        refuseBody(Refusal.of(Limit.BODY_PROGRESS));
      }
    } else if (unsentPieces > 0 && now - writeProgress > limits.writeTime().toNanos()) {
      connection().exceeded(Limit.WRITE_PROGRESS);
      session.reset(stream, Http2Error.CANCEL);
    }
  }

  // The response.

  @Override
  public void closeAfterResponse() {
    // The entry point sends a GOAWAY to all connections instead.
  }

  @Override
  public void respond(Entry entry, @Nullable String echoedValue, CacheStatus status) {
    if (!mayRespond()) {
      return;
    }
    LoopState loop = connection().loop();
    HpackLines lines = loop.hpack();
    String date = loop.date();
    lines.entry(entry, echoedValue, status, date);
    begun(entry.status(), new SentLines(entry, echoedValue, status, date));
    boolean written = requestRead && session.writeWhole(stream);
    if (!written) {
      session.writeHead(stream, entry.status(), true);
    }
    responseSent(true);
    if (written) {
      stream.close();
    }
  }

  @Override
  public void respond(UpstreamResponse response) {
    if (!mayRespond()) {
      return;
    }
    byte[] body = response.body();
    boolean hasContent = body.length > 0 && !isHeadRequest();
    if (hasContent && !connection().take(body.length)) {
      connection().exceeded(Limit.MEMORY);
      begun(503, HeaderLines.of(java.util.List.of()));
      writeRefusalHead();
      return;
    }
    ResponseHead head =
        ResponseHead.whole(
                response.status(),
                response.headers(),
                body.length,
                isHeadRequest(),
                connection().loop().date())
            .overHttp2();
    begun(head.status(), head.lines());
    boolean bodiless = head.bodiless() || body.length == 0;
    writeHead(head, bodiless);
    if (bodiless) {
      connection().give(hasContent ? body.length : 0);
      responseSent(true);
      return;
    }
    whole = body;
    counted = body.length;
    sendWhole();
  }

  /// If the flow-control window has no room for a body, the status alone is sent.
  private void writeRefusalHead() {
    ResponseHead head =
        ResponseHead.whole(
            503,
            Refusal.of(Limit.MEMORY).response().headers(),
            0,
            isHeadRequest(),
            connection().loop().date());
    begun(503, head.lines());
    writeHead(head, true);
    responseSent(true);
  }

  private void writeHead(ResponseHead head, boolean end) {
    connection().loop().hpack().head(head);
    session.writeHead(stream, head.status(), end);
  }

  /// Writes as much of a complete response as the peer's window allows.
  private void sendWhole() {
    session.flush();
    while (wholeSent < whole.length && !isOver()) {
      if (unsentPieces > 0 && !session.isWritable(stream)) {
        return;
      }
      int rest = Math.min(PIECE_BYTES, whole.length - wholeSent);
      int size = session.hasRoom(stream, rest) ? rest : Math.min(SLOW_PIECE_BYTES, rest);
      ByteBuf piece = Unpooled.wrappedBuffer(whole, wholeSent, size);
      wholeSent += size;
      write(piece, size, wholeSent == whole.length);
    }
  }

  private void write(ByteBuf piece, int size, boolean end) {
    if (unsentPieces++ == 0) {
      writeProgress = connection().loop().now();
    }
    session.writeData(stream, piece, end, success -> pieceSent(size, end, success));
    session.flush();
  }

  private void pieceSent(int size, boolean end, boolean success) {
    unsentPieces--;
    writeProgress = connection().loop().now();
    if (!success || isOver()) {
      return;
    }
    bodySent(size);
    if (end) {
      responseSent(true);
    } else if (wholeSent < whole.length) {
      sendWhole();
    }
  }

  private void giveBack() {
    connection().give(counted);
    counted = 0;
    whole = new byte[0];
    wholeSent = 0;
  }

  private void responseSent(boolean complete) {
    responseSent = true;
    BodySink target = sink;
    sink = null;
    boolean unread = !requestRead;
    endGiven = true;
    progress = connection().loop().now();
    giveBack();
    session.flush();
    finish(complete);
    drop();
    if (target != null && unread) {
      guarded(() -> target.fail(new IOException("the response is complete")));
    }
    boolean tooLong = unread && declared - received() > connection().limits().discardedBytes();
    if (tooLong || resetsAfterResponse != null) {
      session.reset(stream, resetCode(Http2Error.NO_ERROR));
    }
  }

  private Http2Error resetCode(Http2Error otherwise) {
    return resetsAfterResponse == null ? otherwise : resetsAfterResponse;
  }

  @Override
  public BodySink begin(int status, HeaderLines headers) {
    if (!mayRespond()) {
      return new Http1Exchange.Ended();
    }
    ResponseHead head =
        ResponseHead.streamed(status, headers, isHeadRequest(), connection().loop().date())
            .overHttp2();
    begun(status, head.lines());
    writeHead(head, head.bodiless());
    session.flush();
    return new ResponseSink(head);
  }

  @Override
  public void abort() {
    // The handler is notified of a refused body, too, and must not replace the refusal.
    if (!isOver() && !refused) {
      finish(false);
      session.reset(stream, Http2Error.INTERNAL_ERROR);
    }
  }

  /// More of the response can be written.
  void writable() {
    if (isOver()) {
      return;
    }
    if (wholeSent < whole.length) {
      sendWhole();
    }
    Runnable callback = writable;
    if (callback != null) {
      guarded(callback);
    }
  }

  /// The body of this response.
  private final class ResponseSink implements BodySink {
    private final boolean bodiless;
    private final boolean hasLength;
    private long rest;

    ResponseSink(ResponseHead head) {
      bodiless = head.bodiless();
      hasLength = head.contentLength() >= 0;
      rest = hasLength ? head.contentLength() : Long.MAX_VALUE;
    }

    @Override
    public boolean write(ByteBuf piece) {
      int size = piece.readableBytes();
      if (isOver() || bodiless || size == 0) {
        piece.release();
        return true;
      }
      if (size > rest || !connection().take(size)) {
        piece.release();
        abort();
        return true;
      }
      rest -= size;
      int most = session.hasRoom(stream, size) ? size : SLOW_PIECE_BYTES;
      while (piece.readableBytes() > most) {
        writePart(piece.readRetainedSlice(most));
      }
      writePart(piece);
      session.flush();
      return session.isWritable(stream);
    }

    private void writePart(ByteBuf part) {
      int size = part.readableBytes();
      if (unsentPieces++ == 0) {
        writeProgress = connection().loop().now();
      }
      session.writeData(
          stream,
          part,
          false,
          success -> {
            connection().give(size);
            pieceSent(size, false, success);
          });
    }

    @Override
    public void end() {
      if (isOver()) {
        return;
      }
      if (!bodiless && hasLength && rest > 0) {
        abort();
      } else if (bodiless) {
        responseSent(true);
      } else {
        Http2Exchange.this.write(Unpooled.EMPTY_BUFFER, 0, true);
        session.flush();
      }
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
}
