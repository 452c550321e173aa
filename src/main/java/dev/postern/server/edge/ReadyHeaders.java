package dev.postern.server.edge;

import io.netty.handler.codec.EmptyHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/// A header block that is encoded already. Netty's connection asks only for its status; the encoder
/// copies its bytes.
final class ReadyHeaders extends EmptyHeaders<CharSequence, CharSequence, Http2Headers>
    implements Http2Headers {
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

  @Override
  public Http2Headers method(CharSequence value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Http2Headers scheme(CharSequence value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Http2Headers authority(CharSequence value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Http2Headers path(CharSequence value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Http2Headers status(CharSequence value) {
    throw new UnsupportedOperationException();
  }

  @Override
  public @Nullable CharSequence method() {
    return null;
  }

  @Override
  public @Nullable CharSequence scheme() {
    return null;
  }

  @Override
  public @Nullable CharSequence authority() {
    return null;
  }

  @Override
  public @Nullable CharSequence path() {
    return null;
  }

  @Override
  public boolean contains(CharSequence name, CharSequence value, boolean caseInsensitive) {
    return false;
  }
}
