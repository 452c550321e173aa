package dev.postern.server.edge;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Parses a chunked body (RFC 9112 section 7.1) strictly. Extensions and trailers are dropped.
final class ChunkedBody {
  /// Limit of extensions and trailers together; real clients send neither.
  private static final int MAX_IGNORED_BYTES = 16 * 1024;

  /// More digits would be a chunk larger than any real body.
  private static final int MAX_SIZE_DIGITS = 15;

  private enum State {
    SIZE,
    EXTENSION,
    SIZE_LF,
    DATA,
    DATA_CR,
    DATA_LF,
    TRAILER_START,
    TRAILER,
    TRAILER_LF,
    LAST_LF,
    END
  }

  private State state = State.SIZE;
  private int digits;
  private long left;
  private int ignored;

  boolean isEnd() {
    return state == State.END;
  }

  /// Parses further bytes.
  ///
  /// @param input received bytes; those that are processed are skipped
  /// @return the next piece, to be released by the caller, or null if more bytes are needed or the
  ///   body has ended
  /// @throws RefusedException if the chunks are not valid
  @Nullable ByteBuf next(ByteBuf input) throws RefusedException {
    while (input.isReadable() && state != State.END) {
      if (state == State.DATA) {
        int size = (int) Math.min(left, input.readableBytes());
        left -= size;
        if (left == 0) {
          state = State.DATA_CR;
        }
        return input.readRetainedSlice(size);
      }
      frame(input.readByte());
    }
    return null;
  }

  private void frame(byte b) throws RefusedException {
    state =
        switch (state) {
          case SIZE -> size(b);
          case EXTENSION -> b == '\r' ? State.SIZE_LF : ignored(b, State.EXTENSION);
          case SIZE_LF -> sizeRead(b);
          case DATA_CR -> expect(b, '\r', State.DATA_LF);
          case DATA_LF -> expect(b, '\n', State.SIZE);
          case TRAILER_START -> b == '\r' ? State.LAST_LF : ignored(b, State.TRAILER);
          case TRAILER -> b == '\r' ? State.TRAILER_LF : ignored(b, State.TRAILER);
          case TRAILER_LF -> expect(b, '\n', State.TRAILER_START);
          case LAST_LF -> expect(b, '\n', State.END);
          case DATA, END -> throw new IllegalStateException();
        };
  }

  private State size(byte b) throws RefusedException {
    int digit = digit(b);
    if (digit >= 0 && digits < MAX_SIZE_DIGITS) {
      digits++;
      left = 16 * left + digit;
      return State.SIZE;
    }
    if (digits == 0 || digit >= 0) {
      throw invalid();
    }
    return switch (b) {
      case '\r' -> State.SIZE_LF;
      case ';' -> ignored(b, State.EXTENSION);
      default -> throw invalid();
    };
  }

  private State sizeRead(byte b) throws RefusedException {
    State next = expect(b, '\n', left == 0 ? State.TRAILER_START : State.DATA);
    digits = 0;
    return next;
  }

  private State ignored(byte b, State next) throws RefusedException {
    boolean control = (b >= 0 && b < ' ' && b != '\t') || b == 0x7f;
    if (control || ++ignored > MAX_IGNORED_BYTES) {
      throw invalid();
    }
    return next;
  }

  private static State expect(byte b, char wanted, State next) throws RefusedException {
    if (b != wanted) {
      throw invalid();
    }
    return next;
  }

  private static int digit(byte b) {
    if (b >= '0' && b <= '9') {
      return b - '0';
    }
    int lower = b | 0x20;
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }

  private static RefusedException invalid() {
    return RefusedException.malformed("The chunks of the body are not valid.");
  }
}
