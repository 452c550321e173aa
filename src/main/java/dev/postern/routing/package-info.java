/// Which application decides a forwarded request, and which of Traefik's routers it came through.
/// Tables are immutable; they are made of what several sources say and swapped as a whole.
@NullMarked
package dev.postern.routing;

import org.jspecify.annotations.NullMarked;
