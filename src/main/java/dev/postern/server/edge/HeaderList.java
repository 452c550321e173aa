package dev.postern.server.edge;

import io.netty.handler.codec.EmptyHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import org.jspecify.annotations.Nullable;

/// Implements Netty's header interface for a connection that neither looks lines up nor changes
/// them; a subclass implements only what the connection calls.
abstract class HeaderList extends EmptyHeaders<CharSequence, CharSequence, Http2Headers>
    implements Http2Headers {
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
  public @Nullable CharSequence status() {
    return null;
  }

  @Override
  public boolean contains(CharSequence name, CharSequence value, boolean caseInsensitive) {
    return false;
  }
}
