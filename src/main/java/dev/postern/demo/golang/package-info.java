/// Behaviour of Go's standard library with URLs, queries, cookies and redirects, where the outpost
/// exposes it. All functions are pure; recorded exchanges of real outposts verify them.
@NullMarked
package dev.postern.demo.golang;

import org.jspecify.annotations.NullMarked;
