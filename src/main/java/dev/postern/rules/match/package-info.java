/// Compiles a rule to a predicate over requests that runs in linear time and constant stack. The
/// matchers of both syntaxes stand in one table each.
@NullMarked
package dev.postern.rules.match;

import org.jspecify.annotations.NullMarked;
