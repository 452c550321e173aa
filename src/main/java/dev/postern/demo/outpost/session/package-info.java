/// The outpost's sessions: what one holds and the two stores that keep them. Both stores live in
/// memory and differ only where authentik's do (docs/design/authentik.md section 2.2).
@NullMarked
package dev.postern.demo.outpost.session;

import org.jspecify.annotations.NullMarked;
