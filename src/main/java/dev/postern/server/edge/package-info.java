/// The auth entry points: sockets, TLS, HTTP/1.1 and HTTP/2 on Netty. A request that breaks a limit
/// is refused alone; a peer that breaks one loses its connection.
@NullMarked
package dev.postern.server.edge;

import org.jspecify.annotations.NullMarked;
