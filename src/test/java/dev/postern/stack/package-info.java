/// The stack of `rules/` and `compose/` as it is shipped, run with real Traefik on this machine.
/// Only addresses, ports and paths are exchanged, and the demo identity provider stands in
/// authentik's place.
@NullMarked
package dev.postern.stack;

import org.jspecify.annotations.NullMarked;
