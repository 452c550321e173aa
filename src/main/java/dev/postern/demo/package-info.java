/// The demo: identity provider, protected pages and a front proxy in one process. It does not
/// import other packages of Postern, so that tests and benchmarks can use it as an independent
/// environment.
@NullMarked
package dev.postern.demo;

import org.jspecify.annotations.NullMarked;
