/// A minimal front proxy that calls a forward-auth address before it forwards a request, as
/// Traefik's ForwardAuth does. It is for the demo and for tests; real installations use Traefik.
@NullMarked
package dev.postern.demo.front;

import org.jspecify.annotations.NullMarked;
