/// Certificates of the entry points: configured, reloaded or self-made, and those of clients.
@NullMarked
package dev.postern.server.tls;

import org.jspecify.annotations.NullMarked;
