/// Applications as authentik's API lists them, without any of its secrets. They refine what files
/// say, and can only narrow it.
@NullMarked
package dev.postern.routing.source.authentik;

import org.jspecify.annotations.NullMarked;
