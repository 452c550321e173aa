/// The outpost's sessions and the two stores for them. Both stores are in memory and differ only
/// where authentik's do (docs/design/authentik.md section 2.2).
@NullMarked
package dev.postern.demo.outpost.session;

import org.jspecify.annotations.NullMarked;
