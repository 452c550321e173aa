/// Reads a rule's text with the grammar of Go's expressions, in linear time and without recursion.
/// What a Go parser would refuse comes before what only a rule refuses, as in Traefik.
@NullMarked
package dev.postern.rules.parse;

import org.jspecify.annotations.NullMarked;
