/// Which keys Traefik's dynamic configuration has and the types of their values. Validates a tree
/// as Traefik's decoder does and reports everything that it rejects.
@NullMarked
package dev.postern.config.dynamic.schema;

import org.jspecify.annotations.NullMarked;
