/// Parses a rule with the grammar of Go's expressions, in linear time and without recursion. As in
/// Traefik, Go syntax errors are reported before errors specific to rules.
@NullMarked
package dev.postern.rules.parse;

import org.jspecify.annotations.NullMarked;
