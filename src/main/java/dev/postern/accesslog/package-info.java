/// Requests that have been answered, and who is told of them. Every request of the entry points for
/// Traefik is told once, whoever ended it.
@NullMarked
package dev.postern.accesslog;

import org.jspecify.annotations.NullMarked;
