/// What can be said about rules without a request: whether one is implied by another, whether two
/// can meet, and what a rule of Traefik 2 is called under Traefik 3. In doubt nothing is said.
@NullMarked
package dev.postern.rules.analysis;

import org.jspecify.annotations.NullMarked;
