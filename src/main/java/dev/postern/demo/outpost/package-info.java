/// An imitation of authentik's Go proxy outpost 2026.2.2 with its two session stores, as described
/// in docs/design/authentik.md.
@NullMarked
package dev.postern.demo.outpost;

import org.jspecify.annotations.NullMarked;
