package dev.postern.upstream.wire;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// The chunked transfer coding (RFC 9112 section 7.1). Extensions and trailers are skipped: they
/// belong to the connection.
final class ChunkedDecoder implements BodyDecoder {
  /// Limit for extensions and trailers in one body.
  static final int MAX_EXTRA_BYTES = 64 * 1024;

  /// More hexadecimal digits would not fit into a `long`.
  private static final int MAX_DIGITS = 15;

  private enum State {
    SIZE,
    EXTENSION,
    SIZE_END,
    DATA,
    DATA_RETURN,
    DATA_END,
    TRAILER_START,
    TRAILER,
    TRAILER_END,
    LAST_END,
    ENDED
  }

  private State state = State.SIZE;
  private long left;
  private int digits;
  private int extraBytes;

  @Override
  public @Nullable ByteBuf next(ByteBuf in) throws MalformedException {
    while (in.isReadable() && state != State.ENDED) {
      if (state != State.DATA) {
        state = next(in.readByte() & 0xff);
        continue;
      }
      int count = (int) Math.min(left, in.readableBytes());
      left -= count;
      if (left == 0) {
        state = State.DATA_RETURN;
      }
      return in.readRetainedSlice(count);
    }
    return null;
  }

  @Override
  public boolean hasEnded() {
    return state == State.ENDED;
  }

  private State next(int c) throws MalformedException {
    return switch (state) {
      case SIZE -> size(c);
      case EXTENSION -> text(c, State.EXTENSION, State.SIZE_END);
      case SIZE_END -> afterSize(c);
      case DATA_RETURN -> expect(c, '\r', State.DATA_END);
      case DATA_END -> expect(c, '\n', State.SIZE);
      case TRAILER_START -> c == '\r' ? State.LAST_END : text(c, State.TRAILER, State.TRAILER_END);
      case TRAILER -> text(c, State.TRAILER, State.TRAILER_END);
      case TRAILER_END -> expect(c, '\n', State.TRAILER_START);
      case LAST_END -> expect(c, '\n', State.ENDED);
      case DATA, ENDED -> throw new IllegalStateException(state.name());
    };
  }

  private State size(int c) throws MalformedException {
    int digit = c < 0x80 ? Character.digit(c, 16) : -1;
    if (digit >= 0) {
      if (++digits > MAX_DIGITS) {
        throw new MalformedException("a chunk size that is too large");
      }
      left = left << 4 | digit;
      return State.SIZE;
    }
    if (digits == 0) {
      throw new MalformedException("a chunk without a size");
    }
    return switch (c) {
      case '\r' -> State.SIZE_END;
      case ';', ' ', '\t' -> State.EXTENSION;
      default -> throw new MalformedException("a chunk size that is not a number");
    };
  }

  private State afterSize(int c) throws MalformedException {
    digits = 0;
    return expect(c, '\n', left == 0 ? State.TRAILER_START : State.DATA);
  }

  private State text(int c, State same, State end) throws MalformedException {
    if (c == '\r') {
      return end;
    }
    if (!Octets.isTextOctet(c)) {
      throw new MalformedException("a control character between chunks");
    }
    if (++extraBytes > MAX_EXTRA_BYTES) {
      throw new MalformedException("more than 64 KiB of chunk extensions and trailers");
    }
    return same;
  }

  private static State expect(int c, char wanted, State then) throws MalformedException {
    if (c != wanted) {
      throw new MalformedException("a chunk that is longer than its size");
    }
    return then;
  }
}
