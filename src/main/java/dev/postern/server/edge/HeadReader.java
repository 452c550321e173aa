package dev.postern.server.edge;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Collects the head of an HTTP/1.1 request and counts its bytes as memory while it arrives.
final class HeadReader {
  /// Empty lines before a request; old clients send one after a body (RFC 9112 section 2.2).
  private static final int MAX_EMPTY_LINES = 4;

  private static final byte[] NOTHING = {};

  private final Peer peer;
  private byte[] bytes = NOTHING;
  private int length;
  private int start;
  private int lineStart;
  private int lines;
  private int emptyLines;
  private long held;
  private long cost;

  HeadReader(Peer peer) {
    this.peer = peer;
  }

  /// Whether a part of a head has arrived.
  boolean isBegun() {
    return length > 0;
  }

  /// Reads further.
  ///
  /// @param input received bytes; those of the head are skipped
  /// @return the head, whose memory ([#cost]) is reserved, or null while it is incomplete
  /// @throws RefusedException if the request is refused
  @Nullable Http1Head read(ByteBuf input) throws RefusedException {
    int before = length;
    int arrived = input.readableBytes();
    append(input, arrived);
    int end = end(before);
    if (end < 0) {
      input.skipBytes(arrived);
      check(length - start);
      hold(bytes.length);
      return null;
    }
    input.skipBytes(end - before);
    check(end - start);
    return parsed(end);
  }

  private Http1Head parsed(int end) throws RefusedException {
    byte[] whole = bytes.length > 2 * end ? Arrays.copyOf(bytes, end) : bytes;
    hold(EdgeLimits.headCost(end, lines));
    Http1Head head = Http1Head.read(whole, start, end);
    cost = held;
    held = 0;
    clear();
    return head;
  }

  /// Bytes reserved for the last head; its new owner must release them.
  long cost() {
    return cost;
  }

  /// Releases the reserved memory.
  void release() {
    peer.give(held);
    held = 0;
    clear();
  }

  private void clear() {
    bytes = NOTHING;
    length = 0;
    start = 0;
    lineStart = 0;
    lines = 0;
    emptyLines = 0;
  }

  private void append(ByteBuf input, int arrived) throws RefusedException {
    if (bytes.length - length < arrived) {
      int size = length == 0 ? arrived : Math.max(2 * bytes.length, length + arrived);
      if (length > 0) {
        hold(size);
      }
      bytes = Arrays.copyOf(bytes, size);
    }
    input.getBytes(input.readerIndex(), bytes, length, arrived);
    length += arrived;
  }

  private void hold(long bytesNeeded) throws RefusedException {
    if (bytesNeeded > held) {
      if (!peer.take(bytesNeeded - held)) {
        throw new RefusedException(Refusal.of(Limit.MEMORY));
      }
      held = bytesNeeded;
    }
  }

  private void check(int size) throws RefusedException {
    if (size > peer.limits().headBytes()) {
      throw new RefusedException(Refusal.of(Limit.HEAD_SIZE));
    }
    // The request line is counted in `lines`.
    if (lines - 1 > peer.limits().headLines()) {
      throw new RefusedException(Refusal.of(Limit.HEAD_LINES));
    }
  }

  /// The position after the empty line that ends the head, or -1.
  private int end(int from) throws RefusedException {
    for (int i = from; i < length; i++) {
      if (bytes[i] != '\n') {
        continue;
      }
      if (i == 0 || bytes[i - 1] != '\r') {
        throw RefusedException.malformed("A line does not end with CR and LF.");
      }
      boolean empty = i - lineStart == 1;
      lineStart = i + 1;
      if (!empty) {
        lines++;
      } else if (lines > 0) {
        return lineStart;
      } else {
        start = lineStart;
        if (++emptyLines > MAX_EMPTY_LINES) {
          throw RefusedException.malformed("The request line is not valid.");
        }
      }
    }
    return -1;
  }
}
