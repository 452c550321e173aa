/// Parses a rules file into sections, lists and scalars, as Traefik's YAML and TOML libraries do.
/// The meaning of keys is defined elsewhere.
@NullMarked
package dev.postern.config.dynamic.tree;

import org.jspecify.annotations.NullMarked;
