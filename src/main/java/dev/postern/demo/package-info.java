/// The demo: identity provider, protected pages and a front proxy in one process. It imports
/// nothing else of Postern, so that tests and benchmarks can use it as an outside world.
@NullMarked
package dev.postern.demo;

import org.jspecify.annotations.NullMarked;
