/// Completed requests and their listeners. Every request of the entry points for Traefik is
/// reported exactly once, whichever side ended it.
@NullMarked
package dev.postern.accesslog;

import org.jspecify.annotations.NullMarked;
