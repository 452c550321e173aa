/// What Go's standard library does with URLs, queries, cookies and redirects, wherever the outpost
/// lets it show. Every function is pure; recorded exchanges of real outposts are its proof.
@NullMarked
package dev.postern.demo.golang;

import org.jspecify.annotations.NullMarked;
