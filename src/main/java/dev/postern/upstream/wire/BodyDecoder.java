package dev.postern.upstream.wire;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Removes the framing from a body. Pieces are slices of the input; nothing is copied.
public interface BodyDecoder {
  /// Creates the decoder for a framing.
  ///
  /// @return a decoder at the start of the body
  static BodyDecoder of(Framing framing) {
    return switch (framing) {
      case Framing.Length(long bytes) -> new CountedDecoder(bytes);
      case Framing.Chunked() -> new ChunkedDecoder();
      case Framing.UntilClose() -> new OpenDecoder();
    };
  }

  /// Takes the next piece of the body.
  ///
  /// @param in received bytes; those after the body remain in it
  /// @return bytes of the body, to be released by the caller, or null if there are none: `in` is
  ///   empty, or the body has ended
  /// @throws MalformedException if the framing is invalid
  @Nullable ByteBuf next(ByteBuf in) throws MalformedException;

  /// Whether the body is complete.
  boolean hasEnded();

  /// Whether the end of the connection is the end of the body. If not, a connection that closes
  /// leaves the body incomplete.
  default boolean endsWithConnection() {
    return false;
  }

  /// A body of known length.
  final class CountedDecoder implements BodyDecoder {
    private long left;

    CountedDecoder(long bytes) {
      left = bytes;
    }

    @Override
    public @Nullable ByteBuf next(ByteBuf in) {
      int count = (int) Math.min(left, in.readableBytes());
      left -= count;
      return count == 0 ? null : in.readRetainedSlice(count);
    }

    @Override
    public boolean hasEnded() {
      return left == 0;
    }
  }

  /// A body that lasts until the connection closes.
  final class OpenDecoder implements BodyDecoder {
    @Override
    public @Nullable ByteBuf next(ByteBuf in) {
      return in.isReadable() ? in.readRetainedSlice(in.readableBytes()) : null;
    }

    @Override
    public boolean hasEnded() {
      return false;
    }

    @Override
    public boolean endsWithConnection() {
      return true;
    }
  }
}
