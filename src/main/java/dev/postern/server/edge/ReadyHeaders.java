package dev.postern.server.edge;

import io.netty.util.AsciiString;

/// A header block that is encoded already. Netty's connection asks only for its status; the encoder
/// copies its bytes.
final class ReadyHeaders extends HeaderList {
  private final AsciiString status;
  private final HeadBytes block;

  ReadyHeaders(AsciiString status, HeadBytes block) {
    this.status = status;
    this.block = block;
  }

  HeadBytes block() {
    return block;
  }

  @Override
  public CharSequence status() {
    return status;
  }
}
