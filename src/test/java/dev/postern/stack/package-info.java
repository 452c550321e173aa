/// The shipped stack of `rules/` and `compose/`, run with real Traefik on this machine. Only
/// addresses, ports and paths are replaced, and the demo identity provider stands for authentik.
@NullMarked
package dev.postern.stack;

import org.jspecify.annotations.NullMarked;
