/// HTTP/1.1 as a client speaks it (RFC 9112), over XNIO's connections. Heads are read and written
/// here because every byte of a header value has to arrive as it was sent.
@NullMarked
package dev.postern.upstream.wire;

import org.jspecify.annotations.NullMarked;
