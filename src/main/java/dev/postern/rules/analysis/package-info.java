/// Static analysis of rules: whether one implies another, whether two can match the same request,
/// and the Traefik 3 form of a Traefik 2 rule. Reports only what is proved.
@NullMarked
package dev.postern.rules.analysis;

import org.jspecify.annotations.NullMarked;
