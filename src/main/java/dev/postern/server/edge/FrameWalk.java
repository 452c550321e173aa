package dev.postern.server.edge;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/// Parses the frames of an HTTP/2 connection (RFC 9113 section 4) as they arrive, before they are
/// decoded, and counts those that a peer could send too many of.
///
/// Control frames cost credit; requests and bodies add credit. So a peer with real requests never
/// runs out, and one that sends only control frames does. Header blocks in several frames are
/// counted as memory from the first frame on.
final class FrameWalk {
  private static final int PREFACE_BYTES = 24;
  private static final int HEADER_BYTES = 9;

  /// Costs and credits, in parts of a control frame. A response in many DATA frames makes the peer
  /// send many WINDOW_UPDATE frames, so those cost little.
  private static final int CONTROL = 16;

  private static final int WINDOW_UPDATE = 1;
  private static final int REQUEST = 8 * CONTROL;
  private static final int BODY = 2 * CONTROL;

  /// Credit added every second, so that a peer without requests can send pings.
  private static final int CREDIT_PER_SWEEP = 20 * CONTROL;

  private static final int END_STREAM = 0x1;
  private static final int END_HEADERS = 0x4;
  private static final int PADDED = 0x8;

  /// The length of the padding, and the padding.
  private static final int MAX_PADDING = 256;

  private final Peer peer;
  private final long maxCredit;
  private long credit;
  private int preface = PREFACE_BYTES;
  private final byte[] header = new byte[HEADER_BYTES];
  private int headerBytes;
  private int payload;
  private boolean inBlock;
  private long blockBytes;
  private long blockSince;
  private boolean closesBlock;
  private long held;
  private long resetWindow;
  private int resets;

  FrameWalk(Peer peer) {
    this.peer = peer;
    this.maxCredit = (long) CONTROL * peer.limits().controlFrames();
    this.credit = maxCredit;
  }

  /// Examines bytes without consuming them.
  ///
  /// @return the limit that the peer has exceeded, or null
  @Nullable Limit inspect(ByteBuf bytes) {
    int at = bytes.readerIndex();
    int end = bytes.writerIndex();
    while (at < end) {
      int available = end - at;
      if (preface > 0) {
        int size = Math.min(preface, available);
        preface -= size;
        at += size;
      } else if (payload > 0) {
        int size = Math.min(payload, available);
        payload -= size;
        at += size;
        if (payload == 0) {
          endFrame();
        }
      } else {
        header[headerBytes++] = bytes.getByte(at++);
        if (headerBytes == HEADER_BYTES) {
          headerBytes = 0;
          Limit broken = frame();
          if (broken != null) {
            return broken;
          }
          if (payload == 0) {
            endFrame();
          }
        }
      }
    }
    return null;
  }

  private @Nullable Limit frame() {
    payload = ((header[0] & 0xff) << 16) | ((header[1] & 0xff) << 8) | (header[2] & 0xff);
    int flags = header[4];
    switch (header[3]) {
      case 0 -> credit += mayBeEmpty(flags) ? -CONTROL : BODY;
      case 1 -> {
        credit += REQUEST;
        return block(flags, true);
      }
      case 3 -> {
        credit -= CONTROL;
        return reset();
      }
      case 8 -> credit -= WINDOW_UPDATE;
      case 9 -> {
        return block(flags, false);
      }
      default -> credit -= CONTROL;
    }
    credit = Math.min(credit, maxCredit);
    return credit < 0 ? Limit.CONTROL_FRAMES : null;
  }

  /// Whether a DATA frame may be empty: padding (RFC 9113 section 6.1) is assumed to be the whole
  /// payload, because proxies send none, and its length is inside the payload.
  private boolean mayBeEmpty(int flags) {
    boolean empty = payload == 0 || ((flags & PADDED) != 0 && payload <= MAX_PADDING);
    return empty && (flags & END_STREAM) == 0;
  }

  private @Nullable Limit block(int flags, boolean first) {
    credit = Math.min(credit, maxCredit);
    blockBytes = first ? payload : blockBytes + payload;
    closesBlock = (flags & END_HEADERS) != 0;
    if (blockBytes > peer.limits().headerBlockBytes()) {
      return Limit.HEADER_BLOCK;
    }
    if (first && !closesBlock) {
      inBlock = true;
      blockSince = peer.loop().now();
    }
    if (inBlock && blockBytes > held) {
      if (!peer.takeForBlock(blockBytes - held)) {
        return Limit.MEMORY;
      }
      held = blockBytes;
    }
    return null;
  }

  private void endFrame() {
    if (closesBlock) {
      closesBlock = false;
      inBlock = false;
      release();
    }
  }

  private @Nullable Limit reset() {
    if (peer.trusted()) {
      return credit < 0 ? Limit.CONTROL_FRAMES : null;
    }
    return ++resets > peer.limits().resets() ? Limit.RESETS : null;
  }

  /// A DATA frame was sent, so the peer will send a WINDOW_UPDATE for it.
  void bodySent() {
    credit = Math.min(maxCredit, credit + CONTROL);
  }

  /// Whether a header block has taken too long.
  boolean isBlockLate(long now) {
    return inBlock && now - blockSince > peer.limits().headTime().toNanos();
  }

  /// Adds the credit of one sweep interval.
  void sweep(long now) {
    credit = Math.min(maxCredit, credit + CREDIT_PER_SWEEP);
    if (now - resetWindow > 30_000_000_000L) {
      resetWindow = now;
      resets = 0;
    }
  }

  /// Releases the counted memory.
  void release() {
    peer.give(held);
    held = 0;
  }
}
