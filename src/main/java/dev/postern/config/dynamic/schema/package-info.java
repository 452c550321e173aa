/// Which keys Traefik's dynamic configuration has and what their values must be. It checks a tree
/// as Traefik's decoder would and reports everything that the decoder would stop at.
@NullMarked
package dev.postern.config.dynamic.schema;

import org.jspecify.annotations.NullMarked;
