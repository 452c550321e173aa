/// Compiles a rule to a predicate over requests that runs in linear time and constant stack. Each
/// syntax has its matchers in one table.
@NullMarked
package dev.postern.rules.match;

import org.jspecify.annotations.NullMarked;
