package dev.postern.upstream.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import org.jspecify.annotations.Nullable;
import org.xnio.ChannelExceptionHandler;
import org.xnio.ChannelListener;
import org.xnio.ChannelListeners;
import org.xnio.IoUtils;
import org.xnio.StreamConnection;
import org.xnio.XnioIoThread;
import org.xnio.channels.StreamSinkChannel;
import org.xnio.channels.StreamSourceChannel;
import org.xnio.conduits.ConduitStreamSinkChannel;
import org.xnio.conduits.ConduitStreamSourceChannel;
import org.xnio.conduits.StreamSinkConduit;
import org.xnio.conduits.StreamSourceConduit;

/// A client's connection: one request and its answer at a time. Everything happens on the
/// connection's I/O thread.
///
/// A connection serves another call only if the last answer ended exactly where the bytes that have
/// come end. Bytes that nobody asked for close it, so that they are never taken for the next answer
/// (response smuggling).
public final class HttpConnection implements Closeable {
  private static final int INPUT_BYTES = 8 * 1024;

  /// Receives how a request went, once.
  public interface Receiver {
    /// The head of the answer is in; its body is to be read from [HttpConnection#answerBody].
    ///
    /// @param head the head
    void answered(ResponseHead head);

    /// There is no answer.
    ///
    /// @param reason what went wrong
    void failed(IOException reason);
  }

  /// One request and its answer; touched by the I/O thread alone.
  private static final class Exchange {
    final String method;
    final RequestSink sink;
    final ResponseHeadParser parser = new ResponseHeadParser();
    final ByteBuffer input = ByteBuffer.allocate(INPUT_BYTES).limit(0);
    @Nullable Receiver receiver;
    boolean begun;
    boolean keepsConnection;
    @Nullable AnswerBody body;

    Exchange(String method, RequestSink sink, Receiver receiver) {
      this.method = method;
      this.sink = sink;
      this.receiver = receiver;
    }

    boolean leavesCleanConnection() {
      return keepsConnection && sink.isComplete() && body != null && body.leavesCleanConnection();
    }
  }

  private final StreamConnection stream;
  private final StreamSourceConduit source;
  private final StreamSinkConduit sink;
  private @Nullable Exchange exchange;

  /// Takes over an open connection.
  ///
  /// @param stream the connection, plain or with its TLS handshake done
  public HttpConnection(StreamConnection stream) {
    this.stream = stream;
    source = stream.getSourceChannel().getConduit();
    sink = stream.getSinkChannel().getConduit();
    stream.getCloseSetter().set(_ -> fail(new ClosedChannelException()));
  }

  /// The I/O thread that it belongs to.
  ///
  /// @return the thread
  public XnioIoThread ioThread() {
    return stream.getIoThread();
  }

  /// Sends the head of a request and waits for the answer. The caller writes the body and ends the
  /// request with [#endRequest].
  ///
  /// @param head the head; its headers decide how long the body may be
  /// @param receiver told the outcome; not before this method has returned
  /// @return where the body goes
  /// @throws IOException if the head cannot be sent as it is
  public StreamSinkChannel send(RequestHead head, Receiver receiver) throws IOException {
    RequestSink request = new RequestSink(sink, head.bytes(), head.framing());
    Exchange begun = new Exchange(head.method(), request, receiver);
    exchange = begun;
    ConduitStreamSinkChannel channel = stream.getSinkChannel();
    channel.setConduit(request);
    ConduitStreamSourceChannel answer = stream.getSourceChannel();
    answer.setReadListener(_ -> readHead(begun));
    answer.resumeReads();
    return channel;
  }

  /// Ends the request of [#send].
  public void endRequest() {
    ConduitStreamSinkChannel channel = stream.getSinkChannel();
    try {
      channel.shutdownWrites();
      if (!channel.flush()) {
        channel.setWriteListener(
            ChannelListeners.flushingChannelListener(
                (ChannelListener<StreamSinkChannel>) _ -> {},
                (ChannelExceptionHandler<StreamSinkChannel>) (_, reason) -> fail(reason)));
        channel.resumeWrites();
      }
    } catch (IOException e) {
      fail(e);
    }
  }

  /// The body of the answer.
  ///
  /// @return a channel without the framing: -1 is the end of a whole body, one that breaks off is
  ///   an exception
  public StreamSourceChannel answerBody() {
    return stream.getSourceChannel();
  }

  /// Whether any byte of an answer to the last request has come.
  ///
  /// @return false while the upstream may not have seen the request at all
  public boolean answerBegun() {
    return exchange != null && exchange.begun;
  }

  /// Ends the last exchange, and waits for the upstream to close the connection or for the next
  /// one.
  ///
  /// @return false if the connection cannot serve another call; it is closed then
  public boolean rest() {
    if (!stream.isOpen() || (exchange != null && !exchange.leavesCleanConnection())) {
      close();
      return false;
    }
    exchange = null;
    stream.getSinkChannel().setConduit(sink);
    stream.getSinkChannel().setWriteListener(null);
    stream.getSinkChannel().suspendWrites();
    ConduitStreamSourceChannel channel = stream.getSourceChannel();
    channel.setConduit(source);
    channel.setReadListener(_ -> isSilent());
    channel.resumeReads();
    return true;
  }

  /// Looks whether a resting connection is still good; one that is not is closed.
  ///
  /// @return whether it is open and nothing has come that was not asked for
  public boolean isSilent() {
    try {
      if (stream.isOpen() && source.read(ByteBuffer.allocate(1)) == 0) {
        return true;
      }
    } catch (IOException e) {
      IoUtils.safeClose(stream);
      return false;
    }
    close();
    return false;
  }

  @Override
  public void close() {
    IoUtils.safeClose(stream);
  }

  private void readHead(Exchange current) {
    try {
      ResponseHead head = nextHead(current);
      if (head != null) {
        begin(current, head);
      }
    } catch (IOException e) {
      fail(e);
    }
  }

  /// @return null when it has not come yet
  private @Nullable ResponseHead nextHead(Exchange current) throws IOException {
    ByteBuffer input = current.input;
    while (true) {
      if (!input.hasRemaining()) {
        input.clear();
        int count = source.read(input);
        input.flip();
        if (count == 0) {
          return null;
        }
        if (count < 0) {
          throw new EOFException("the connection ended before the answer");
        }
        current.begun = true;
      }
      ByteBuf bytes = Unpooled.wrappedBuffer(input.duplicate());
      ResponseHead head = current.parser.read(bytes);
      input.position(input.position() + bytes.readerIndex());
      if (head != null && head.status() == 101) {
        throw new MalformedException("an upgrade that was not asked for");
      }
      if (head != null && !head.isInterim()) {
        return head;
      }
    }
  }

  private void begin(Exchange current, ResponseHead head) throws IOException {
    AnswerBody body = new AnswerBody(source, current.input, head.framing(current.method));
    current.body = body;
    current.keepsConnection = head.keepsConnection();
    ConduitStreamSourceChannel channel = stream.getSourceChannel();
    channel.suspendReads();
    channel.setReadListener(null);
    channel.setConduit(body);
    Receiver receiver = current.receiver;
    current.receiver = null;
    if (receiver != null) {
      receiver.answered(head);
    }
  }

  /// Reports a failure; once the answer has begun, who reads its body learns of it there.
  private void fail(IOException reason) {
    Receiver receiver = exchange == null ? null : exchange.receiver;
    if (receiver != null && exchange != null) {
      exchange.receiver = null;
      stream.getSourceChannel().suspendReads();
      stream.getSinkChannel().suspendWrites();
      receiver.failed(reason);
    }
  }
}
