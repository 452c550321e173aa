/// The client side of HTTP/1.1 (RFC 9112), on raw bytes. Heads are parsed and written here because
/// every byte of a header value must be preserved.
@NullMarked
package dev.postern.upstream.wire;

import org.jspecify.annotations.NullMarked;
