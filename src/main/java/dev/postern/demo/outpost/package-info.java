/// The twin of authentik's Go proxy outpost 2026.2.2 with its two session stores. Section numbers
/// in comments are those of the authentik contract.
@NullMarked
package dev.postern.demo.outpost;

import org.jspecify.annotations.NullMarked;
