package dev.postern.upstream.wire;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Takes the framing away from a body. Pieces are slices of what came: nothing is copied.
public interface BodyDecoder {
  /// Makes the decoder of a framing.
  ///
  /// @param framing how the end of the body is known
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
  /// @param in bytes of the connection; those behind the body are left in it
  /// @return bytes of the body, to be released by the caller, or null when `in` holds none: it is
  ///   empty then, or the body has ended
  /// @throws MalformedException if the framing is broken
  @Nullable ByteBuf next(ByteBuf in) throws MalformedException;

  /// Whether the body is complete.
  ///
  /// @return whether no byte of the connection belongs to it any more
  boolean hasEnded();

  /// Whether the end of the connection is the end of the body.
  ///
  /// @return false when a connection that ends breaks the body off
  default boolean endsWithConnection() {
    return false;
  }

  /// So many bytes.
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

  /// Whatever comes.
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
