package dev.postern.feeds;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import java.util.List;

/// Netty's frame decoder, which also knows whether a message is incomplete. Payload sizes are
/// checked before payloads are read.
final class FrameReader extends WebSocket13FrameDecoder {
  private boolean isInFrame;
  private boolean isInMessage;
  private long ended;

  /// @param maxPayloadBytes limit of one frame's payload
  FrameReader(int maxPayloadBytes) {
    super(
        WebSocketDecoderConfig.newBuilder()
            .maxFramePayloadLength(maxPayloadBytes)
            .expectMaskedFrames(false)
            .allowMaskMismatch(false)
            .allowExtensions(false)
            // The handler closes, and logs the reason.
            .closeOnProtocolViolation(false)
            // UTF-8 is checked for whole messages, binary ones included.
            .withUTF8Validator(false)
            .build());
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out)
      throws Exception {
    boolean isReadable = in.isReadable();
    int before = out.size();
    super.decode(context, in, out);
    if (out.size() == before) {
      isInFrame |= isReadable;
      return;
    }
    isInFrame = false;
    switch (out.getLast()) {
      case TextWebSocketFrame text -> isInMessage = !text.isFinalFragment();
      case BinaryWebSocketFrame binary -> isInMessage = !binary.isFinalFragment();
      case ContinuationWebSocketFrame more -> isInMessage = !more.isFinalFragment();
      case Object _ -> {}
    }
    if (!isInMessage) {
      ended++;
    }
  }

  /// The incomplete message, or incomplete frame of another kind.
  ///
  /// @return its number, starting at 1; 0 if everything is complete
  long unfinished() {
    return isInFrame || isInMessage ? ended + 1 : 0;
  }
}
