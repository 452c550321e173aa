package dev.postern.server.edge;

import io.netty.util.AsciiString;

/// A header block that is already encoded. Netty's connection reads only its status; the encoder
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
