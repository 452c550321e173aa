/// A tiny front proxy that asks a forward-auth address before it lets a request pass, as Traefik's
/// ForwardAuth does. It is for the demo and for tests; real installations run Traefik.
@NullMarked
package dev.postern.demo.front;

import org.jspecify.annotations.NullMarked;
