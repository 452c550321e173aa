/// Hosts and the addresses of servers, as people write them and as protocols carry them. Nothing
/// here opens a connection or asks a name server.
@NullMarked
package dev.postern.net;

import org.jspecify.annotations.NullMarked;
