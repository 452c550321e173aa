/// Protocol values: hosts and ports, address ranges, header lines, and the forwarded request.
/// Nothing here opens a connection or depends on a server.
@NullMarked
package dev.postern.net;

import org.jspecify.annotations.NullMarked;
