/// Certificates of the entry points: given and reloaded, self-made, and those of clients.
@NullMarked
package dev.postern.server.tls;

import org.jspecify.annotations.NullMarked;
