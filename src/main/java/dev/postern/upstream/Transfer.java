package dev.postern.upstream;

import dev.postern.upstream.wire.BodyDecoder;
import dev.postern.upstream.wire.MalformedException;
import dev.postern.upstream.wire.RequestHead;
import dev.postern.upstream.wire.ResponseHead;
import dev.postern.upstream.wire.ResponseHeadParser;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import java.io.EOFException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// One request and its response on one connection; also the source of the response body.
///
/// The response may begin and end before the request has been sent completely. If it ends first,
/// the rest of the request is dropped and the connection is closed.
final class Transfer implements BodySource {
  interface Receiver {
    /// The head of the response has arrived; the transfer is the source of its body.
    void responded(ResponseHead head);

    /// There is no response.
    ///
    /// @param begun whether any byte of one has arrived
    void failed(IOException reason, boolean begun);
  }

  private final Connection connection;
  private final Receiver receiver;
  private final String method;
  private final byte[] head;
  private final RequestBody requestBody;
  private final ResponseHeadParser parser = new ResponseHeadParser();
  private ByteBuf input = Unpooled.EMPTY_BUFFER;
  private @Nullable BodyDecoder decoder;
  private @Nullable BodySink sink;
  private @Nullable IOException failure;
  private boolean begun;
  private boolean keepsConnection;
  private boolean requestSent;
  private boolean connectionEnded;
  private boolean endIsClean;
  private boolean full;
  private boolean pumping;
  private boolean over;

  private Transfer(
      Connection connection,
      Receiver receiver,
      String method,
      byte[] head,
      RequestBody requestBody) {
    this.connection = connection;
    this.receiver = receiver;
    this.method = method;
    this.head = head;
    this.requestBody = requestBody;
  }

  /// Creates a transfer; nothing is sent yet.
  ///
  /// @param connection a connection without another call
  /// @param head the head, which also defines the body's framing
  /// @param body the body, or null for none
  /// @throws MalformedException if the head cannot be sent as it is
  static Transfer of(
      Connection connection, RequestHead head, @Nullable BodySource body, Receiver receiver)
      throws MalformedException {
    RequestBody requestBody = RequestBody.of(connection.channel(), head.framing(), body);
    return new Transfer(connection, receiver, head.method(), head.bytes(), requestBody);
  }

  void send() {
    connection.begin(this);
    ChannelFuture written = connection.channel().writeAndFlush(Unpooled.wrappedBuffer(head));
    requestBody.start(() -> requestSent = true, this::broken, written);
  }

  RequestBody requestBody() {
    return requestBody;
  }

  void received(ByteBuf bytes) {
    if (over) {
      bytes.release();
      return;
    }
    begun = true;
    if (input.isReadable()) {
      ByteBuf both =
          connection.channel().alloc().buffer(input.readableBytes() + bytes.readableBytes());
      both.writeBytes(input).writeBytes(bytes);
      input.release();
      bytes.release();
      input = both;
    } else {
      input.release();
      input = bytes;
    }
    pump();
  }

  /// @param isClean whether a body may end with the connection
  void connectionEnded(boolean isClean) {
    if (!connectionEnded) {
      connectionEnded = true;
      endIsClean = isClean;
      pump();
    }
  }

  @Override
  public void start(BodySink target) {
    sink = target;
    if (failure != null) {
      target.fail(failure);
      return;
    }
    pump();
  }

  @Override
  public void resume() {
    full = false;
    pump();
  }

  /// Ends the transfer; the rest of the request and of the response is dropped.
  @Override
  public void cancel() {
    if (over) {
      return;
    }
    if (decoder != null && decoder.hasEnded()) {
      finish();
    } else {
      end();
      connection.abandon();
    }
  }

  /// Processes the received bytes as far as the sink takes them.
  private void pump() {
    if (pumping) {
      return;
    }
    pumping = true;
    try {
      while (!over && step()) {
        // Continue.
      }
    } catch (IOException unreadable) {
      broken(unreadable);
    } finally {
      pumping = false;
    }
    if (!over) {
      connection.channel().config().setAutoRead(decoder == null || (sink != null && !full));
    }
  }

  /// @return whether there may be more to do
  private boolean step() throws IOException {
    if (decoder == null) {
      return readHead();
    }
    if (sink == null) {
      return false;
    }
    if (decoder.hasEnded()) {
      complete(sink);
      return false;
    }
    if (full) {
      return false;
    }
    ByteBuf piece = decoder.next(input);
    if (piece != null) {
      full = !sink.write(piece);
      return true;
    }
    if (!decoder.hasEnded() && connectionEnded) {
      if (!decoder.endsWithConnection() || !endIsClean) {
        throw new EOFException("the body is incomplete");
      }
      complete(sink);
    }
    return decoder.hasEnded();
  }

  private boolean readHead() throws IOException {
    ResponseHead response = parser.read(input);
    if (response == null) {
      if (connectionEnded) {
        throw new EOFException("the connection ended before the response");
      }
      return false;
    }
    if (response.status() == 101) {
      throw new MalformedException("an upgrade that was not requested");
    }
    if (!response.isInterim()) {
      decoder = BodyDecoder.of(response.framing(method));
      keepsConnection = response.keepsConnection();
      receiver.responded(response);
    }
    return true;
  }

  private void complete(BodySink target) {
    finish();
    target.end();
  }

  private void finish() {
    boolean isClean =
        keepsConnection
            && requestSent
            && !connectionEnded
            && !input.isReadable()
            && decoder != null
            && !decoder.endsWithConnection();
    end();
    connection.finished(isClean);
  }

  private void end() {
    over = true;
    input.release();
    input = Unpooled.EMPTY_BUFFER;
    requestBody.stop();
  }

  void broken(IOException reason) {
    if (over) {
      return;
    }
    end();
    connection.abandon();
    if (decoder == null) {
      receiver.failed(reason, begun);
    } else if (sink != null) {
      sink.fail(reason);
    } else {
      failure = reason;
    }
  }
}
