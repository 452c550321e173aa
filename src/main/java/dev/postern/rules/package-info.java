/// Traefik's rule language as a self-contained component: parsing, printing, default priority.
/// Evaluation is in `match`; this package contains only the grammar.
@NullMarked
package dev.postern.rules;

import org.jspecify.annotations.NullMarked;
