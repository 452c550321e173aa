package dev.postern.upstream.wire;

import java.nio.ByteBuffer;

/// Takes the framing away from a body.
interface BodyDecoder {
  /// Makes the decoder of a framing.
  static BodyDecoder of(Framing framing) {
    return switch (framing) {
      case Framing.Length(long bytes) -> new CountedDecoder(bytes);
      case Framing.Chunked() -> new ChunkedDecoder();
      case Framing.UntilClose() -> new OpenDecoder();
    };
  }

  /// Moves what belongs to the body.
  ///
  /// @param in bytes of the connection; those behind the body are left in it
  /// @param out where the body goes; it may be full before `in` is empty
  /// @throws MalformedException if the framing is broken
  void decode(ByteBuffer in, ByteBuffer out) throws MalformedException;

  /// Whether the body is complete.
  boolean hasEnded();

  /// Whether the end of the connection is the end of the body.
  default boolean endsWithConnection() {
    return false;
  }

  /// Moves as many bytes as both have room for.
  ///
  /// @return how many
  static int move(ByteBuffer in, ByteBuffer out, long atMost) {
    int count = (int) Math.min(atMost, Math.min(in.remaining(), out.remaining()));
    out.put(out.position(), in, in.position(), count);
    out.position(out.position() + count);
    in.position(in.position() + count);
    return count;
  }

  /// So many bytes.
  final class CountedDecoder implements BodyDecoder {
    private long left;

    CountedDecoder(long bytes) {
      left = bytes;
    }

    @Override
    public void decode(ByteBuffer in, ByteBuffer out) {
      left -= move(in, out, left);
    }

    @Override
    public boolean hasEnded() {
      return left == 0;
    }
  }

  /// Whatever comes.
  final class OpenDecoder implements BodyDecoder {
    @Override
    public void decode(ByteBuffer in, ByteBuffer out) {
      move(in, out, Long.MAX_VALUE);
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
