/// Benchmarks of rules and route tables. `docs/benchmarks.md` has their figures.
@NullMarked
package dev.postern.routing;

import org.jspecify.annotations.NullMarked;
