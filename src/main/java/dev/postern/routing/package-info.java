/// Selects the application of a forwarded request, and guesses its Traefik router. Tables are
/// immutable; they are built from several sources and replaced as a whole.
@NullMarked
package dev.postern.routing;

import org.jspecify.annotations.NullMarked;
