/// Traefik's rule language as a component that stands on its own: text to tree, tree to text,
/// default priority. What a rule means for a request lives in `match`; this package knows only its
/// grammar.
@NullMarked
package dev.postern.rules;

import org.jspecify.annotations.NullMarked;
