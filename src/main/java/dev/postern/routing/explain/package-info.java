/// Says in words which application decides a request, whether its verdict may be shared, and which
/// router it came through. It only describes what a route table chooses and chooses nothing itself.
@NullMarked
package dev.postern.routing.explain;

import org.jspecify.annotations.NullMarked;
