/// From the text of a rules file to sections, lists and scalars, as Traefik's YAML and TOML
/// libraries see them. What the keys mean is none of its business.
@NullMarked
package dev.postern.config.dynamic.tree;

import org.jspecify.annotations.NullMarked;
