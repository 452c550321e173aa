/// The outpost's sessions: what one holds and the two stores that keep them. Both stores live in
/// memory and differ only where the contract says that authentik's do.
@NullMarked
package dev.postern.demo.outpost.session;

import org.jspecify.annotations.NullMarked;
